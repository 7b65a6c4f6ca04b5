/**
 * Submits one of the pipelines, or finds a job again, and waits for its end: `node run-job.mjs JSON`.
 *
 * Each thing that happens is a line of JSON on standard output: { submitted }, { state } or { failed }.
 */
import path from 'node:path';
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { PIPELINES } from './pipelines.mjs';

const {
  pipeline: name,
  parameters,
  folder,
  reconnect,
  options,
  timeoutMs = 120_000,
} = JSON.parse(process.argv[2]);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

try {
  const job = reconnect === undefined ? await submit() : await ib.job(reconnect, options);
  tell({ submitted: { id: job.id, endpoint: job.endpoint, state: job.state } });
  const { state } = await job.wait({ timeoutMs });
  tell({ state });
} catch (error) {
  tell({ failed: { name: error.name, message: error.message, hint: error.hint } });
}
process.exit(0);

async function submit() {
  const p = beam.pipeline(name);
  const answer = PIPELINES[name](p, { folder, ...parameters });
  return await ib.promote(answer.apply(beam.io.writeToText(path.join(folder, 'answer'))), options);
}
