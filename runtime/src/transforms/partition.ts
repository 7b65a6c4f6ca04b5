import { PipelineError } from '../errors.ts';
import { TaggedOutput } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { parDo } from './par-do.ts';

/**
 * Splits a PCollection in `count` parts: `const [small, large] = numbers.apply(partition(2, (n) => (n < 10 ? 0 : 1)))`.
 *
 * @param fn Gives the index of an element's part, 0 to count - 1; its second argument is `count`.
 * @throws {RangeError} if `count` is not a positive integer.
 * @throws {PipelineError} when it runs, if `fn` gives anything else.
 */
export function partition<T>(
  count: number,
  fn: (element: T, count: number) => number,
): PTransform<PCollection<T>, readonly PCollection<T>[]> {
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
      return tags.flatMap((tag) => outputs[tag] ?? []); // there is one for each tag
    },
  };
}
