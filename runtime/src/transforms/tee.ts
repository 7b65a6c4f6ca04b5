import type { PCollection } from '../model/pcollection.ts';
import type { Applicable, PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Gives its input as it is, and applies others to it on the side: `lines.apply(tee(io.writeToText('lines'))).map(…)`.
 *
 * What they give is left aside: it runs where the whole pipeline runs, and not when a cell only looks at what follows.
 *
 * @throws {TypeError} if there is nothing to apply.
 * @see Beam Python's Tee
 */
export function tee<T>(
  ...consumers: readonly Applicable<PCollection<T>, unknown>[]
): PTransform<PCollection<T>, PCollection<T>> {
  const name = 'Tee';
  if (consumers.length === 0) {
    throw new TypeError('Cannot tee as there must be a transform to apply on the side: received none');
  }
  return {
    name,
    expand(input) {
      const main = requirePCollection(input, name);
      for (const consumer of consumers) main.pipeline.applyTo(main, consumer);
      return main;
    },
  };
}
