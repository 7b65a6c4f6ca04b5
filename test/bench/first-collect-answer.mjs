/**
 * A short answer that two groupings share only if they agree.
 *
 * @param {readonly (readonly [number, readonly number[]])[]} groups
 */
export function answerOf(groups) {
  return groups
    .map(([key, values]) => [key, values.length, values.reduce((sum, value) => sum + value, 0)])
    .sort(([a = 0], [b = 0]) => a - b);
}
