// Prints the seconds of grouping five million elements by 100,000 string keys with Millrace, and looking at each group.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOfRows } from './events.mjs';
import { keyOf, numbers } from './numbers.mjs';

const elements = numbers(Number(process.argv[2]));
ib.options.enableCaching = false;
const started = performance.now();
const groups = beam
  .pipeline('group')
  .apply(beam.create(elements))
  .map((n) => ({ key: keyOf(n), value: n }))
  .apply(beam.groupByKey())
  .map(({ key, value }) => {
    let sum = 0;
    for (const each of value) sum += each;
    return { key, value: sum };
  });
const rows = await ib.collect(groups);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
process.exit(0);
