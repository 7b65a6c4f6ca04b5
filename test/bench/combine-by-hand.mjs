// Prints the seconds of the same sums, as one would write them by hand.
import { answerOfRows } from './events.mjs';
import { keyOf, numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
const started = performance.now();
/** @type {Map<string, number>} */
const sums = new Map();
for (const n of elements) {
  const key = keyOf(n);
  sums.set(key, (sums.get(key) ?? 0) + n);
}
const rows = [];
for (const [key, value] of sums) rows.push({ key, value });
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
