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

/** A case that is run, with folders of its own. */
export interface PlacedCase {
  readonly one: ConformanceCase;
  /** Where the input files are. */
  readonly files: string;
  /** An empty folder, which workers reach. */
  readonly out: string;
}

/**
 * Builds pipelines of the list, has them run as one, and gives what came out of each.
 *
 * Of several each is a step of the whole, with its own sources. The outputs are written as text by the pipeline itself: what a
 * user has of a job, too.
 */
export async function runCases(cases: readonly PlacedCase[], run: RunPipeline): Promise<readonly Outputs[]> {
  const [first, ...others] = cases.map(({ one }) => one.name);
  const p = beam.pipeline(others.length === 0 ? first : `${String(first)} and ${others.length} more`);
  const names = cases.map((placed) => {
    const steps = () => addCase(p, placed);
    return Object.keys(
      others.length === 0 ? steps() : p.apply(beam.withName(placed.one.name.replaceAll('/', ' or '), steps)),
    );
  });
  await run(p);
  return cases.map(({ out }, index) =>
    Object.fromEntries((names[index] ?? []).map((name) => [name, readLines(out, `${name}-`)])),
  );
}

/** Adds a case's steps and those that write its outputs, which it gives by name. */
function addCase(
  p: beam.Pipeline,
  { one, files, out }: PlacedCase,
): Readonly<Record<string, beam.PCollection<unknown>>> {
  const outputs = one.build(p, files);
  for (const [name, elements] of Object.entries(outputs)) {
    const lines = elements.map(beam.withName(`Canonical ${name}`, canonical));
    if (elements.isBounded) {
      lines.apply(beam.withName(`Write ${name}`, beam.io.writeToText(path.join(out, name))));
    } else {
      // Files of text are written when the input has ended, which a stream need not.
      lines.apply(beam.withName(`Write ${name}`, beam.parDo(new WriteBundles(path.join(out, name)))));
    }
  }
  return outputs;
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
