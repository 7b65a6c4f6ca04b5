import { payloadOf, pcollectionId, type Placed, type Translation } from './translation.ts';

/**
 * Puts PCollections together.
 *
 * Runners want all inputs in one form, and (Prism) each of them once: an input in another form than its neighbours, or
 * one that is there already, goes through a step that only copies it.
 */
export function addFlatten(placed: Placed, outputId: string, translation: Translation): void {
  const { builder, pcollections } = translation;
  const { transform, name, parent, about } = placed;
  const inputs = transform.inputs.map((input) => pcollectionId(input, name, pcollections));
  const forms = new Set(inputs.map((input) => builder.formOf(input)));
  const isMixed = forms.size > 1;
  const isPlain = !isMixed && new Set(inputs).size === inputs.length;
  if (isPlain) {
    builder.flatten({ id: name, parent, about, inputs, outputId });
    return;
  }
  builder.composite({ id: name, parent, about });
  const taken = new Set<string>();
  const copies = inputs.map((input, index) => {
    const form = builder.formOf(input);
    const isOwnForm = !isMixed || form === 'value';
    if (isOwnForm && !taken.has(input)) {
      taken.add(input);
      return input;
    }
    return builder.oneOutput({
      id: `${name}/Copy ${index + 1}`,
      parent: name,
      payload: payloadOf(placed, { kind: 'copy' }),
      input,
      output: isMixed ? 'value' : form,
    });
  });
  builder.flatten({ id: `${name}/Flatten`, parent: name, inputs: copies, outputId });
}
