// Prints the seconds of the same counts, as one would write them by hand.
import { answerOfRows, makeEvents } from './events.mjs';

const events = makeEvents(Number(process.argv[2]));
const started = performance.now();
/** @type {Map<number, Map<string, number>>} */
const windows = new Map();
for (const { user, ms } of events) {
  const start = Math.floor(ms / 60_000) * 60_000;
  let counts = windows.get(start);
  if (counts === undefined) windows.set(start, (counts = new Map()));
  counts.set(user, (counts.get(user) ?? 0) + 1);
}
const rows = [];
for (const [start, counts] of windows) for (const [key, value] of counts) rows.push({ start, key, value });
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
