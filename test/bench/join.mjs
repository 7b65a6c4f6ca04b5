// Prints the seconds of joining a million orders with 200,000 users with Millrace, on an integer key.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOfRows } from './events.mjs';
import { ordersAndUsers } from './numbers.mjs';

const { orders, users } = ordersAndUsers(Number(process.argv[2]));
ib.options.enableCaching = false;
const started = performance.now();
const p = beam.pipeline('join');
const joined = p
  .apply(beam.withName('Orders', beam.create(orders)))
  .apply(beam.innerJoin(p.apply(beam.withName('Users', beam.create(users)))))
  .map(({ key, value: { left, right } }) => ({ key, value: (left + right) % 1000 }));
const rows = await ib.collect(joined);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
process.exit(0);
