import { PipelineError } from '../errors.ts';
import { TaggedOutput } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { parDo } from './par-do.ts';

/** A tuple of `N` parts, where the compiler knows N; an array otherwise. */
export type Parts<P, N extends number, Found extends readonly P[] = []> = number extends N
  ? readonly P[]
  : Found['length'] extends N
    ? Found
    : Parts<P, N, readonly [...Found, P]>;

/**
 * Splits a PCollection in `count` parts: `const [small, large] = numbers.apply(partition(2, (n) => (n < 10 ? 0 : 1)))`.
 *
 * @param fn Gives the index of an element's part, 0 to count - 1; its second argument is `count`.
 * @throws {RangeError} if `count` is not a positive integer.
 * @throws {PipelineError} when it runs, if `fn` gives anything else.
 */
export function partition<T, N extends number>(
  count: N,
  fn: (element: T, count: number) => number,
): PTransform<PCollection<T>, Parts<PCollection<T>, N>> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot partition as count must be a positive integer: received ${count}`);
  }
  const tags = Array.from({ length: count }, (_, index) => String(index));
  const route = (element: T) => {
    const tag = tags[fn(element, count)];
    if (tag === undefined) {
      throw new PipelineError(
        `Cannot partition as the function must give an integer from 0 to ${count - 1}: received ${fn(element, count)}`,
        { hint: 'See which element gives another number: run the function on it in a cell of its own' },
      );
    }
    return [new TaggedOutput(tag, element)];
  };
  return {
    name: fn.name === '' ? 'Partition' : `Partition(${fn.name})`,
    expand(input) {
      const outputs = input.apply(parDo(route).withOutputs(...tags));
      // There is one for each tag, and as many tags as the type says.
      return tags.map((tag) => outputs[tag]) as Parts<PCollection<T>, N>;
    },
  };
}
