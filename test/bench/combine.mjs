// Prints the seconds of adding five million elements up by 100,000 string keys with Millrace.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOfRows } from './events.mjs';
import { keyOf, numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
ib.options.enableCaching = false;
const started = performance.now();
const sums = beam
  .pipeline('combine')
  .apply(beam.create(elements))
  .map((n) => ({ key: keyOf(n), value: n }))
  .apply(beam.combinePerKey(beam.sum()));
const rows = await ib.collect(sums);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
process.exit(0);
