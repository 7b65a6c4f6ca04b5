import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as beam from 'millrace';
import { canonical } from './canonical.ts';
import type { ConformanceCase } from './case.ts';

/** Elements of each output, as canonical texts in a stable order. */
export type Outputs = Readonly<Record<string, readonly string[]>>;

/** Runs a whole pipeline to its end; rejects if it fails. */
export type RunPipeline = (pipeline: beam.Pipeline) => Promise<void>;

/**
 * Builds a pipeline of the list, has it run, and gives what came out.
 *
 * The outputs are written as text by the pipeline itself: what a user has of a job, too.
 *
 * @param folders `files`: the input files. `out`: an empty folder, which workers reach.
 */
export async function runCase(
  one: ConformanceCase,
  { run, files, out }: { readonly run: RunPipeline; readonly files: string; readonly out: string },
): Promise<Outputs> {
  const p = beam.pipeline(one.name);
  const outputs = Object.entries(one.build(p, files));
  for (const [name, elements] of outputs) {
    elements
      .map(beam.withName(`Canonical ${name}`, canonical))
      .apply(beam.withName(`Write ${name}`, beam.io.writeToText(path.join(out, name))));
  }
  await run(p);
  return Object.fromEntries(outputs.map(([name]) => [name, readLines(out, `${name}-`)]));
}

function readLines(folder: string, prefix: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  if (names.length === 0)
    throw new RangeError(`Cannot read the output as files must be written: received no ${prefix}*`);
  const lines = names.flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1),
  );
  return lines.sort((a, b) => (a < b ? -1 : Number(a > b)));
}
