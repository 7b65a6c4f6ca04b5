/** How many keys `keyOf` knows. */
const KEYS = 100_000;

/**
 * The numbers from 0 on, so many.
 *
 * @param {number} count
 */
export function numbers(count) {
  return Array.from({ length: count }, (_, n) => n);
}

/**
 * One of 100,000 keys, in no order.
 *
 * @param {number} n
 */
export function keyOf(n) {
  return `key-${(n * 7919) % KEYS}`;
}

/**
 * Orders of users: each of the right's keys has five, on average.
 *
 * @param {number} count Of orders.
 */
export function ordersAndUsers(count) {
  const users = Array.from({ length: count / 5 }, (_, n) => ({ key: n, value: (n * 31) % 1000 }));
  const orders = Array.from({ length: count }, (_, n) => ({ key: (n * 7919) % users.length, value: n }));
  return { orders, users };
}
