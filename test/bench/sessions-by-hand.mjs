// Prints the seconds of the same counts, as one would write them by hand: sort the times of each user, and cut at gaps.
import { answerOfRows, makeEvents } from './events.mjs';

const GAP = 30_000;
const events = makeEvents(Number(process.argv[2]));
const started = performance.now();
/** @type {Map<string, number[]>} */
const times = new Map();
for (const { user, ms } of events) {
  const own = times.get(user);
  if (own === undefined) times.set(user, [ms]);
  else own.push(ms);
}
const rows = [];
for (const [key, own] of times) {
  own.sort((a, b) => a - b);
  let start = own[0] ?? 0;
  let last = start;
  let value = 0;
  for (const ms of own) {
    if (ms - last >= GAP) {
      rows.push({ start, end: last + GAP, key, value });
      start = ms;
      value = 0;
    }
    last = ms;
    value += 1;
  }
  rows.push({ start, end: last + GAP, key, value });
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
