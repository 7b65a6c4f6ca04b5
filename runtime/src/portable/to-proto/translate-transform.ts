import { MAIN_TAG, type AppliedPTransform, type PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { asksForFinalizer } from '../../model/bundle-finalizer.ts';
import { isSplittable } from '../../model/is-splittable.ts';
import { GLOBAL_WINDOWING } from '../../model/windowing-strategy.ts';
import { asWindowed } from './encode-elements.ts';
import { addFlatten } from './translate-flatten.ts';
import { addCombinePerKey, addGroupByKey, addToKV } from './translate-grouping.ts';
import type { ElementTraits } from './pipeline-pcollections.ts';
import { addReshuffle } from './translate-reshuffle.ts';
import { addTestStream } from './translate-test-stream.ts';
import { addElements, addSource, addUnboundedSource } from './translate-root.ts';
import { addWindowInto } from './translate-window-into.ts';
import { keyedSpecsOf } from './translate-state.ts';
import { sideInputsOf } from './translate-side-inputs.ts';
import { doFnPart } from '../do-fn-part.ts';
import { onlyInput, payloadOf, type Placed, type Translation } from './translation.ts';

/**
 * Adds one primitive, and notes the ids of its outputs.
 *
 * @throws {PipelineError} for what cannot be shipped.
 */
export function translateTransform(placed: Placed, spec: PrimitiveSpec, translation: Translation): void {
  const { transform, name, parent, about } = placed;
  const outputIds = outputIdsOf(placed, translation);
  const outputId = outputIds.get(MAIN_TAG) ?? `${name}.${MAIN_TAG}`;
  const traits = traitsOf(transform);
  const root = {
    id: name,
    parent,
    outputId,
    about,
    payload: (work: Parameters<typeof payloadOf>[1]) => payloadOf(placed, work),
    traits,
  };
  switch (spec.kind) {
    case 'create':
      addElements(root, asWindowed(spec.elements), translation);
      break;
    case 'createWindowed':
      addElements(root, spec.elements, translation);
      break;
    case 'read':
      addSource(root, spec.source, translation);
      break;
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'assignTimestamps':
    case 'parDo': {
      const subject = `the ${spec.kind === 'parDo' ? 'DoFn' : 'function'} of "${name}"`;
      const keyed = keyedSpecsOf(transform);
      const prepare = preparing(placed, translation);
      if (prepare !== undefined) translation.builder.composite({ id: name, parent, about });
      const input = prepare === undefined ? onlyInput(placed, translation) : prepare();
      translation.builder.step({
        id: prepare === undefined ? name : doFnPart(name),
        parent: prepare === undefined ? parent : name,
        keyed,
        isSplittable: isSplittable(transform),
        hasFinalizer: asksForFinalizer(spec.context),
        payload: payloadOf(placed, { kind: 'spec', export: translation.exports.add(spec, subject) }),
        input,
        sideInputs: sideInputsOf(placed, translation),
        outputs: Object.fromEntries([...transform.outputs.keys()].map((tag) => [tag, 'value' as const])),
        outputIds,
        about,
        ...(spec.kind === 'map' && spec.windowing && { traits: { windowing: spec.windowing } }),
      });
      break;
    }
    case 'groupByKey':
      addGroupByKey(placed, outputId, translation);
      break;
    case 'combinePerKey':
      addCombinePerKey({ ...placed, fn: spec.fn }, outputId, translation);
      break;
    case 'flatten':
      addFlatten(placed, outputId, translation);
      break;
    case 'reshuffle':
      addReshuffle({ ...placed, spec }, outputId, translation);
      break;
    case 'windowInto':
      addWindowInto({ ...placed, spec }, outputId, translation);
      break;
    case 'testStream':
      addTestStream({ ...placed, events: spec.events }, outputId, translation);
      break;
    case 'readUnbounded':
      addUnboundedSource(root, spec, translation);
      break;
  }
  for (const [tag, { id }] of transform.outputs) {
    const made = outputIds.get(tag);
    if (made !== undefined && !translation.pcollections.has(id)) translation.pcollections.set(id, made);
  }
}

/**
 * Adds the step that a DoFn's elements need before it, and gives its output: key-value pairs for what keeps state, a
 * PCollection of its own for a second splittable DoFn. Undefined if they need none.
 *
 * Beam 2.62's SplittableParDoExpander, which Flink's runner uses, names parts by their input: of two on one it makes one.
 */
function preparing(placed: Placed, translation: Translation): (() => string) | undefined {
  const { name, transform } = placed;
  if (keyedSpecsOf(transform) !== undefined) return () => addToKV(placed, translation, name);
  if (!isSplittable(transform)) return undefined;
  const input = onlyInput(placed, translation);
  if (translation.builder.isFirstToSplit(input)) return undefined;
  return () =>
    translation.builder.oneOutput({
      id: `${name}/Copy`,
      parent: name,
      payload: payloadOf(placed, { kind: 'copy' }),
      input,
      output: 'value',
    });
}

/** All outputs of a primitive have these in common. */
function traitsOf({ outputs }: AppliedPTransform): ElementTraits {
  const [output] = outputs.values();
  return { windowing: output?.windowing ?? GLOBAL_WINDOWING, isBounded: output?.isBounded ?? true };
}

/** By tag. An output that the fragment has as an input is made here as well, for nobody. */
function outputIdsOf({ transform, name }: Placed, { pcollections }: Translation): Map<string, string> {
  return new Map(
    Array.from(transform.outputs, ([tag, { id }]) => [
      tag,
      pcollections.has(id) ? `${name}.${tag} (unused)` : `${name}.${tag}`,
    ]),
  );
}
