/** A value and what it is ranked by. */
export interface Ranked<R, V> {
  readonly rank: R;
  readonly value: V;
}

/** What came first so far. All but the first `sorted` entries came later than these, in the order of arrival. */
export interface Ranking<R, V> {
  entries: Ranked<R, V>[];
  sorted: number;
}

/** An order of ranks: negative if `a` comes before `b`. */
export type RankOrder<R> = (a: R, b: R) => number;

/** No values yet. */
export function emptyRanking<R, V>(): Ranking<R, V> {
  return { entries: [], sorted: 0 };
}

/**
 * Adds one value, and keeps at least the `limit` that come first; changes `ranking`.
 *
 * Cost: O(1) for one that does not belong to the first; O(log limit) on average for one that does, as it sorts only
 * when twice as many as wanted are there.
 */
export function addRanked<R, V>(
  ranking: Ranking<R, V>,
  entry: Ranked<R, V>,
  { limit, order }: { readonly limit: number; readonly order: RankOrder<R> },
): void {
  const { entries, sorted } = ranking;
  const last = sorted < limit ? undefined : entries[limit - 1];
  if (last !== undefined && order(entry.rank, last.rank) >= 0) return;
  entries.push(entry);
  if (entries.length >= 2 * limit) cutRanking(ranking, { limit, order });
}

/** Sorts what is there, the first to arrive of equal ranks first, and keeps the first `limit`; changes `ranking`. */
export function cutRanking<R, V>(
  ranking: Ranking<R, V>,
  { limit, order }: { readonly limit: number; readonly order: RankOrder<R> },
): readonly Ranked<R, V>[] {
  ranking.entries.sort((a, b) => order(a.rank, b.rank)); // a stable sort
  if (ranking.entries.length > limit) ranking.entries.length = limit;
  ranking.sorted = ranking.entries.length;
  return ranking.entries;
}
