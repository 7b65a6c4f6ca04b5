import { expect, test } from 'vitest';
import { addRanked, cutRanking, emptyRanking } from '../../../runtime/src/transforms/ranked.ts';

test.each([
  { limit: 1, count: 10 },
  { limit: 3, count: 100 },
  { limit: 7, count: 6 },
  { limit: 50, count: 1000 },
])('a ranking of $limit among $count keeps what a stable sort puts first', ({ limit, count }) => {
  const order = (a: number, b: number) => a - b;
  // Many ties, in no order.
  const entries = Array.from({ length: count }, (_, index) => ({ rank: (index * 7919) % 11, value: index }));
  const ranking = emptyRanking<number, number>();
  for (const entry of entries) {
    addRanked(ranking, entry, { limit, order });
    expect(ranking.entries.length).toBeLessThan(2 * limit + 1);
  }
  const want = [...entries].sort((a, b) => a.rank - b.rank).slice(0, limit);
  expect(cutRanking(ranking, { limit, order })).toEqual(want);
});
