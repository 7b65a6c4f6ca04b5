import { naturalOrder, type Ordered } from '../natural-order.ts';

/** An element with what it is ordered by, and how often it counts. */
export interface Weighed<T> {
  readonly rank: Ordered;
  readonly weight: number;
  readonly element: T;
}

/** Elements in order, each of which stands for some; of level 0 they are inputs. */
export interface QuantileBuffer<T> {
  readonly elements: readonly Weighed<T>[];
  readonly level: number;
  /** Of all that it stands for: a collapsed buffer need not hold them. */
  readonly first: Weighed<T>;
  readonly last: Weighed<T>;
}

/** Which come first: the least ranks, or the greatest. */
export type Order = 1 | -1;

/** Elements in order; of equal ranks, the first to arrive. */
export function inOrder<T>(elements: readonly Weighed<T>[], order: Order): Weighed<T>[] {
  return [...elements].sort((a, b) => order * naturalOrder(a.rank, b.rank));
}

/** A buffer of inputs, of which there is at least one. */
export function bufferOf<T>(elements: readonly Weighed<T>[], order: Order): QuantileBuffer<T> {
  const [first, ...rest] = inOrder(elements, order);
  if (first === undefined)
    throw new RangeError('Cannot make a buffer as it must hold an element: received none');
  return { elements: [first, ...rest], level: 0, first, last: rest.at(-1) ?? first };
}

/** The first and the last of what several buffers stand for. */
export function endsOf<T>(
  buffers: readonly [QuantileBuffer<T>, ...QuantileBuffer<T>[]],
  order: Order,
): { readonly first: Weighed<T>; readonly last: Weighed<T> } {
  let [{ first, last }] = buffers;
  for (const buffer of buffers) {
    if (order * naturalOrder(buffer.first.rank, first.rank) < 0) first = buffer.first;
    if (order * naturalOrder(last.rank, buffer.last.rank) < 0) last = buffer.last;
  }
  return { first, last };
}

/** What all elements of buffers count for. */
export function weightOf<T>(buffers: readonly QuantileBuffer<T>[]): number {
  let sum = 0;
  for (const { elements } of buffers) for (const { weight } of elements) sum += weight;
  return sum;
}

/**
 * Takes the elements of all buffers in order, each as often as it counts, and of these the ones at `offset`, `offset + step` …;
 * `count` of them. Each counts for what is between it and the one before.
 */
export function interpolate<T>(
  buffers: readonly QuantileBuffer<T>[],
  {
    count,
    step,
    offset,
    order,
  }: { readonly count: number; readonly step: number; readonly offset: number; readonly order: Order },
): Weighed<T>[] {
  const sorted = inOrder(
    buffers.flatMap(({ elements }) => elements),
    order,
  );
  const taken: Weighed<T>[] = [];
  let [at, passed, before] = [0, sorted[0]?.weight ?? 0, 0];
  for (let number = 0; number < count; number++) {
    const wanted = number * step + offset;
    while (passed <= wanted && at + 1 < sorted.length) passed += sorted[++at]?.weight ?? 0;
    const element = sorted[at];
    if (element === undefined) break; // there is none at all
    taken.push({ ...element, weight: passed - before });
    before = passed;
  }
  return taken;
}
