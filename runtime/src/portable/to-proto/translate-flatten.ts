import { payloadOf, pcollectionId, type Placed, type Translation } from './translation.ts';

/**
 * Puts PCollections together.
 *
 * Runners want all inputs in one form, and each of them once: an input in another form than its neighbours, and each
 * one that is there twice, goes through a step that only copies it. (Prism 2.77 would read it once; Flink 2.62 cannot
 * make stages of a Flatten that reads the output of a GroupByKey both itself and through a copy.)
 */
export function addFlatten(placed: Placed, outputId: string, translation: Translation): void {
  const { builder, pcollections } = translation;
  const { transform, name, parent, about } = placed;
  const inputs = transform.inputs.map((input) => pcollectionId(input, name, pcollections));
  const isMixed = new Set(inputs.map((input) => builder.formOf(input))).size > 1;
  const needsCopy = (input: string) =>
    inputs.indexOf(input) !== inputs.lastIndexOf(input) || (isMixed && builder.formOf(input) !== 'value');
  if (!inputs.some(needsCopy)) {
    builder.flatten({ id: name, parent, about, inputs, outputId });
    return;
  }
  builder.composite({ id: name, parent, about });
  const copies = inputs.map((input, index) => {
    if (!needsCopy(input)) return input;
    return builder.oneOutput({
      id: `${name}/Copy ${index + 1}`,
      parent: name,
      payload: payloadOf(placed, { kind: 'copy' }),
      input,
      output: isMixed ? 'value' : builder.formOf(input),
    });
  });
  builder.flatten({ id: `${name}/Flatten`, parent: name, inputs: copies, outputId });
}
