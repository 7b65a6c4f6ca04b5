import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
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
    const lines = elements.map(beam.withName(`Canonical ${name}`, canonical));
    if (elements.isBounded) {
      lines.apply(beam.withName(`Write ${name}`, beam.io.writeToText(path.join(out, name))));
    } else {
      // Files of text are written when the input has ended, which a stream need not.
      lines.apply(beam.withName(`Write ${name}`, beam.parDo(new WriteBundles(path.join(out, name)))));
    }
  }
  await run(p);
  return Object.fromEntries(outputs.map(([name]) => [name, readLines(out, `${name}-`)]));
}

/** Writes each bundle that has lines to a file of its own. */
class WriteBundles implements beam.DoFn<string, never> {
  readonly prefix: string;
  lines: string[] = [];

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  startBundle() {
    this.lines = [];
  }

  process(line: string) {
    this.lines.push(line);
  }

  async finishBundle() {
    if (this.lines.length === 0) return;
    const file = `${this.prefix}-${randomUUID()}`;
    await writeFile(`${file}.tmp`, this.lines.map((line) => `${line}\n`).join(''));
    await rename(`${file}.tmp`, file);
  }
}

function readLines(folder: string, prefix: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && !name.endsWith('.tmp'));
  const lines = names.flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1),
  );
  return lines.sort((a, b) => (a < b ? -1 : Number(a > b)));
}
