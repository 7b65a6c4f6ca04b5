// Prints the seconds of one word count with Millrace: reading, splitting, counting and collecting.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOf } from './word-count-answer.mjs';

const file = process.argv[2] ?? '';
const started = performance.now();
const counts = beam
  .pipeline('words')
  .apply(beam.io.readFromText(file))
  .flatMap((line) => line.match(/[a-z']+/g) ?? [])
  .apply(beam.countPerElement());
const rows = await ib.collect(counts);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf(rows.map(({ key, value }) => [key, value])) }));
process.exit(0);
