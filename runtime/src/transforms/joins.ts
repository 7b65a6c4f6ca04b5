import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { P } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { coGroupByKey } from './co-group-by-key.ts';
import { requirePCollection } from './require-input.ts';

/** A value of either side that have one key; null where an outer join found none. */
export interface Joined<A, B> {
  readonly left: A;
  readonly right: B;
}

type Join<K, A, L, R> = PTransform<PCollection<KV<K, A>>, PCollection<KV<K, Joined<L, R>>>>;

/**
 * Joins with another PCollection, on equal keys: `orders.apply(innerJoin(users))` gives `{ key, value: { left, right } }` for
 * each pair of an order and a user with the same key, within each window.
 *
 * Keys compare as in groupByKey, and all values of a key are in memory when its turn comes. Where one side is small, a
 * `mapSideInput` moves less.
 *
 * @see Beam Java's extensions.joinlibrary.Join
 */
export function innerJoin<K, A, B>(right: PCollection<KV<K, B>>): Join<K, A, A, B> {
  return join('InnerJoin', right, (lefts, rights) => pairs(lefts, rights));
}

/** As innerJoin, and gives what has no partner on the right as well, with `right: null`. */
export function leftOuterJoin<K, A, B>(right: PCollection<KV<K, B>>): Join<K, A, A, B | null> {
  return join('LeftOuterJoin', right, (lefts, rights) => pairs(lefts, orNull(rights)));
}

/** As innerJoin, and gives what has no partner on the left as well, with `left: null`. */
export function rightOuterJoin<K, A, B>(right: PCollection<KV<K, B>>): Join<K, A, A | null, B> {
  return join('RightOuterJoin', right, (lefts, rights) => pairs(orNull(lefts), rights));
}

/** As innerJoin, and gives what has no partner on either side as well, with null for it. */
export function fullOuterJoin<K, A, B>(right: PCollection<KV<K, B>>): Join<K, A, A | null, B | null> {
  return join('FullOuterJoin', right, (lefts, rights) => pairs(orNull(lefts), orNull(rights)));
}

function join<K, A, B, L, R>(
  name: string,
  right: PCollection<KV<K, B>>,
  match: (lefts: readonly A[], rights: readonly B[]) => Iterable<Joined<L, R>>,
): Join<K, A, L, R> {
  const rights = requirePCollection(right, name);
  return {
    name,
    expand: (left) =>
      P({ left: requirePCollection(left, name), right: rights })
        .apply(coGroupByKey())
        .flatMap(function* matched({ key, value }) {
          for (const pair of match(value.left, value.right)) yield { key, value: pair };
        }),
  };
}

function* pairs<L, R>(lefts: readonly L[], rights: readonly R[]): Generator<Joined<L, R>> {
  for (const left of lefts) for (const right of rights) yield { left, right };
}

function orNull<T>(values: readonly T[]): readonly (T | null)[] {
  return values.length === 0 ? [null] : values;
}
