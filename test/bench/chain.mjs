// Prints the seconds of five maps and a filter over ten million integers with Millrace.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOf } from './events.mjs';
import { numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
ib.options.enableCaching = false;
const started = performance.now();
const kept = beam
  .pipeline('chain')
  .apply(beam.create(elements))
  .map((n) => n + 1)
  .map((n) => n * 3)
  .map((n) => n ^ 5)
  .map((n) => n - 7)
  .map((n) => n & 0xffffff)
  .filter((n) => n % 1000 === 0);
const rows = await ib.collect(kept);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf(rows) }));
process.exit(0);
