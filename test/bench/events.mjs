/**
 * Events of 1,000 users over 1,000 minutes, in the order of time but for some that come up to ten seconds late; the same
 * each time.
 *
 * @param {number} count
 * @returns {{ readonly user: string, readonly ms: number }[]}
 */
export function makeEvents(count) {
  const users = Array.from({ length: 1000 }, (_, n) => `user-${n}`);
  const start = Date.UTC(2026, 0, 1);
  const step = (1000 * 60_000) / count;
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff; // a linear congruential generator will do
    return state / 0x7fffffff;
  };
  return Array.from({ length: count }, (_, n) => {
    const user = users[Math.floor(random() * 1000)] ?? '';
    const late = random() < 0.1 ? random() * 10_000 : 0;
    return { user, ms: Math.max(start, Math.floor(start + n * step - late)) };
  });
}

/**
 * A short answer that two counts share only if they agree.
 *
 * @param {Iterable<number>} counts
 */
export function answerOf(counts) {
  let groups = 0;
  let total = 0;
  let squares = 0;
  for (const count of counts) {
    groups += 1;
    total += count;
    squares += count * count;
  }
  return { groups, total, squares };
}

/** @param {readonly { readonly value: number }[]} rows */
export function answerOfRows(rows) {
  return answerOf(
    (function* () {
      for (const { value } of rows) yield value;
    })(),
  );
}
