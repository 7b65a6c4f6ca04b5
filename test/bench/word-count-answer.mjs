/**
 * A short answer that two counts share only if they agree.
 *
 * @param {readonly (readonly [string, number])[]} counts
 */
export function answerOf(counts) {
  const top = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 20);
  return { total: counts.reduce((sum, [, n]) => sum + n, 0), distinct: counts.length, top };
}
