// Prints the seconds of counting the events of each user's sessions with Millrace.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { answerOfRows, makeEvents } from './events.mjs';

const events = makeEvents(Number(process.argv[2]));
ib.options.enableCaching = false;
const started = performance.now();
const counts = beam
  .pipeline('sessions')
  .apply(beam.create(events))
  .apply(beam.assignTimestamps((event) => event.ms))
  .apply(beam.windowInto(beam.windows.sessions({ seconds: 30 })))
  .map((event) => ({ key: event.user, value: 1 }))
  .apply(beam.combinePerKey(beam.count()));
const rows = await ib.collect(counts);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, answer: answerOfRows(rows) }));
process.exit(0);
