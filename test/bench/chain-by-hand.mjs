// Prints the seconds of the same, as one would write it by hand: V8 makes one loop of it.
import { answerOf } from './events.mjs';
import { numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
const steps = {
  a: (/** @type {number} */ n) => n + 1,
  b: (/** @type {number} */ n) => n * 3,
  c: (/** @type {number} */ n) => n ^ 5,
  d: (/** @type {number} */ n) => n - 7,
  e: (/** @type {number} */ n) => n & 0xffffff,
  isKept: (/** @type {number} */ n) => n % 1000 === 0,
};
const started = performance.now();
const rows = [];
for (const element of elements) {
  const n = steps.e(steps.d(steps.c(steps.b(steps.a(element)))));
  if (steps.isKept(n)) rows.push(n);
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf(rows) }));
