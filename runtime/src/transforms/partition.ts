import { describeValue } from '../model/describe-value.ts';
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
 * @throws {UserCodeError} when it runs, if `fn` gives anything else.
 */
export function partition<T, N extends number>(
  count: N,
  fn: (element: T, count: number) => number,
): PTransform<PCollection<T>, Parts<PCollection<T>, N>> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot partition as count must be a positive integer: received ${count}`);
  }
  const given: unknown = fn; // the types do not hold in plain JavaScript
  if (typeof given !== 'function') {
    throw new TypeError(`Cannot partition as it takes a function: received ${describeValue(given)}`);
  }
  const tags = Array.from({ length: count }, (_, index) => String(index));
  const route = (element: T) => {
    const index: unknown = fn(element, count);
    const tag = typeof index === 'number' ? tags[index] : undefined;
    if (tag === undefined) {
      // It becomes a UserCodeError, which names the transform and shows the element.
      throw new RangeError(
        `Cannot partition as the function must give an integer from 0 to ${count - 1}: received ${describeValue(index)}`,
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
