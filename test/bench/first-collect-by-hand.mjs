// Prints the seconds of the same mapping and grouping, as one would write it by hand.
import { answerOf } from './first-collect-answer.mjs';

const n = Number(process.argv[2]);
const elements = Array.from({ length: n }, (_, i) => i);
const started = performance.now();
/** @type {Map<number, number[]>} */
const groups = new Map();
for (const { key, value } of elements.map((i) => ({ key: i % 100, value: i }))) {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
const rows = [...groups];
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf(rows) }));
