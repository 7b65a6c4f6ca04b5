// Prints the seconds of the first `collect` of a process, with an empty cache: Create → Map → GroupByKey.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOf } from './first-collect-answer.mjs';

const n = Number(process.argv[2]);
const grouped = beam
  .pipeline('groups')
  .apply(beam.create(Array.from({ length: n }, (_, i) => i)))
  .map((i) => ({ key: i % 100, value: i }))
  .apply(beam.groupByKey());
const started = performance.now();
const rows = await ib.collect(grouped);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOf(rows.map(({ key, value }) => [key, [...value]])) }));
process.exit(0);
