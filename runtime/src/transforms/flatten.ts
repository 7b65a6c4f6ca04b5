import { isDeepStrictEqual } from 'node:util';
import { PipelineError } from '../errors.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { WindowFn } from '../model/window-fn.ts';

/**
 * Puts several PCollections together to one: `beam.P([a, b]).apply(beam.flatten())`. Elements come in no order between
 * the inputs; a PCollection that is given twice comes twice.
 *
 * Windows, triggers and lateness of what follows are those of the first.
 *
 * @throws {TypeError} if there is none. @throws {PipelineError} if they are in windows of different kinds.
 */
export function flatten<T>(): PTransform<readonly PCollection<T>[], PCollection<T>> {
  return {
    name: 'Flatten',
    expand(inputs) {
      const received: unknown = inputs; // the types do not hold in plain JavaScript
      const [first] = Array.isArray(received) ? inputs : [];
      if (first === undefined) {
        throw new TypeError(
          'Cannot flatten as its input must be an array of PCollections: use P([a, b]).apply(flatten())',
        );
      }
      requireSameWindows(inputs);
      return first.pipeline.addPrimitive({ label: 'Flatten', spec: { kind: 'flatten' }, inputs })
        .main as PCollection<T>; // all inputs have this type
    },
  };
}

function requireSameWindows(inputs: readonly PCollection<unknown>[]): void {
  const [first, ...others] = inputs;
  const different = others.find(({ windowing }) => !isSame(windowing.windowFn, first?.windowing.windowFn));
  if (first === undefined || different === undefined) return;
  const names = [first, different].map(
    ({ windowing, producer }) => `${windowing.windowFn.name ?? 'a WindowFn'} (from "${producer.label}")`,
  );
  throw new PipelineError(
    `Cannot flatten as all inputs must be in windows of one kind: received ${names.join(' and ')}`,
    {
      transform: 'Flatten',
      hint: 'Apply the same windowInto to each of them first, or one to what comes out of each',
    },
  );
}

function isSame(a: WindowFn, b: WindowFn | undefined): boolean {
  if (a === b) return true;
  if (a.constructor !== b?.constructor) return false;
  // What a WindowFn is made of are plain fields.
  return isDeepStrictEqual({ ...a }, { ...b });
}
