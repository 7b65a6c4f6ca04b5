// Prints the seconds of the same word count, as one would write it by hand in one thread.
import { createReadStream } from 'node:fs';
import { answerOf } from './word-count-answer.mjs';

const started = performance.now();
/** @type {Map<string, number>} */
const counts = new Map();
/** @param {string} line */
const count = (line) => {
  for (const word of line.match(/[a-z']+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
};
let rest = '';
for await (const chunk of createReadStream(process.argv[2] ?? '', {
  encoding: 'utf8',
  highWaterMark: 1 << 20,
})) {
  const text = rest + String(chunk);
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    count(text.slice(start, end));
    start = end + 1;
  }
  rest = text.slice(start);
}
if (rest !== '') count(rest);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf([...counts]) }));
