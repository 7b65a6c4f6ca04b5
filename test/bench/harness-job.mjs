import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';

// The steps of harness-beam.py. The job's worker is a child of the runner: harness.mjs measures it.
const [endpoint = '', elements = ''] = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
try {
  const p = beam.pipeline('harness');
  const sums = p
    .apply(beam.create([Number(elements)]))
    .flatMap(function* (count) {
      for (let i = 0; i < count; i++) yield i;
    })
    .map((i) => ({ key: `key ${i % 1000}`, value: i }))
    .apply(beam.groupByKey())
    .map(({ value }) => {
      let sum = 0;
      for (const each of value) sum += each;
      return { key: 'all', value: sum };
    })
    .apply(beam.groupByKey())
    .map(({ value }) => [...value].reduce((sum, each) => sum + each, 0))
    .apply(beam.io.writeToText(path.join(folder, 'sum')));
  const job = await ib.promote(sums, { runner: 'prism', endpoint, samples: 0 });
  await job.wait();
  console.log(
    JSON.stringify({ answer: Number(await readFile(path.join(folder, 'sum-00000-of-00001'), 'utf8')) }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();
