// Prints the seconds of the same groups, as one would write them by hand.
import { answerOfRows } from './events.mjs';
import { keyOf, numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
const started = performance.now();
/** @type {Map<string, number[]>} */
const groups = new Map();
for (const n of elements) {
  const key = keyOf(n);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [n]);
  else group.push(n);
}
const rows = [];
for (const [key, group] of groups) {
  let value = 0;
  for (const each of group) value += each;
  rows.push({ key, value });
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
