import { PipelineError } from '../errors.ts';
import { run, type ElementSink, type ElementSource } from '../engine/run.ts';
import { fragment, type Fragment } from '../graph/fragment.ts';
import { fuse } from '../graph/fuse.ts';
import { compute } from '../interactive/compute.ts';
import { environment } from '../interactive/environment.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { WindowedValue } from '../model/windowed-value.ts';
import { collectOnRunner } from './collect-on-runner.ts';
import { compareElements } from './compare-elements.ts';
import type { JobPlan, SubmitOptions } from './submit-job.ts';

/** Elements taken of each source, unless told otherwise. */
const SAMPLE = 1000;

/** What `rehearse` takes. */
export interface RehearseOptions extends SubmitOptions {
  /** Elements of each source. */
  readonly n?: number | undefined;
}

/**
 * Runs a fragment on a sample of its sources, here and on a runner, and compares what comes out.
 *
 * Steps that write are left out: what would go into them is compared.
 *
 * @returns what was compared, in lines to be shown.
 * @throws {RehearsalError} if any of it differs. @throws {PipelineError} if either run fails.
 */
export async function rehearse(
  plan: JobPlan,
  { n = SAMPLE, ...submission }: RehearseOptions,
): Promise<readonly string[]> {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`Cannot rehearse as n must be a whole number, 1 or more: received ${n}`);
  }
  const { names } = plan;
  const { signal } = submission;
  const compared = withoutEffects(plan.fragment);
  const roots = rootsOf(fragment(compared));
  const inputs = await sampleOf(roots, n, signal);
  const cut = fragment(compared, (pcollection) => inputs.has(pcollection.id));
  const here = await runHere(cut, { names, inputs, signal });
  const there = await collectOnRunner(compared, {
    plan: { name: `${plan.name}-rehearsal`, fragment: cut, names, inputs },
    submission: { ...submission, options: { ...submission.options, samples: 0 } },
  });
  const notes: string[] = [];
  for (const [index, pcollection] of compared.entries()) {
    const name = names.get(pcollection.producer) ?? pcollection.producer.label;
    const result = compareElements(here.get(pcollection.id) ?? [], there[index] ?? []);
    if (result.kind === 'different') throw new RehearsalError(name, result.lines);
    notes.push(
      `rehearsed "${name}" on ${inputsText(roots, inputs)}: ${result.kind === 'alike' ? result.note : 'equal here and there'}`,
    );
  }
  return notes;
}

/** A rehearsal came to different elements here and on the runner. */
export class RehearsalError extends PipelineError {
  /** How they differ, line by line. */
  readonly difference: readonly string[];

  constructor(transform: string, difference: readonly string[]) {
    super(
      `Cannot promote as "${transform}" must give the same elements here and on the runner: received ${difference.join('\n')}`,
      {
        transform,
        hint: 'Look for what depends on order, time, chance or this machine; rehearse: false promotes all the same',
      },
    );
    this.difference = difference;
  }
}

/** Targets, but for those that come out of a step that writes: what goes into that instead. */
function withoutEffects({ targets }: Fragment): readonly PCollection<unknown>[] {
  const found = new Set<PCollection<unknown>>();
  for (const target of targets) {
    const writers = fragment([target]).transforms.filter(
      ({ spec }) => spec?.kind === 'parDo' && spec.hasEffects === true,
    );
    if (writers.length === 0) found.add(target);
    // What a writer reads may itself come from another one.
    const inputs = writers.flatMap((writer) => writer.inputs);
    if (inputs.length > 0) {
      for (const input of withoutEffects(fragment(inputs))) found.add(input);
    }
  }
  return [...found];
}

function rootsOf({ transforms }: Fragment): readonly PCollection<unknown>[] {
  return transforms
    .filter(({ inputs }) => inputs.length === 0)
    .flatMap(({ outputs }) => [...outputs.values()]);
}

/** The first elements of each root, with all that the model knows of them. */
async function sampleOf(
  roots: readonly PCollection<unknown>[],
  n: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly WindowedValue<unknown>[]>> {
  const answers = await compute(roots, { environment, elements: n, limit: n, windowInfo: true, signal });
  return new Map(roots.map(({ id }, index) => [id, answers[index]?.windowed ?? []]));
}

async function runHere(
  cut: Fragment,
  {
    names,
    inputs,
    signal,
  }: {
    readonly names: ReadonlyMap<AppliedPTransform, string>;
    readonly inputs: ReadonlyMap<string, readonly WindowedValue<unknown>[]>;
    readonly signal: AbortSignal;
  },
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const values = new Map<string, unknown[]>();
  const sinks = new Map<string, ElementSink>();
  for (const { id } of cut.targets) {
    const sampled = inputs.get(id);
    const kept: unknown[] = sampled === undefined ? [] : sampled.map(({ value }) => value);
    values.set(id, kept);
    if (sampled === undefined)
      sinks.set(id, { add: (value) => void kept.push(value), close: () => undefined });
  }
  const sources = new Map(cut.inputs.map(({ id }) => [id, sourceOf(inputs.get(id) ?? [])]));
  await run(fuse(cut, { materialise: new Set(cut.targets.filter(({ id }) => sinks.has(id))), names }), {
    inputs: sources,
    sinks,
    signal,
  });
  return values;
}

function sourceOf(elements: readonly WindowedValue<unknown>[]): ElementSource {
  return {
    count: elements.length,
    read: async (receiver, signal) => {
      for (const { value, timestamp, windows, pane } of elements) {
        signal.throwIfAborted();
        const full = receiver(value, timestamp, windows, pane);
        if (full !== undefined) await full;
      }
    },
  };
}

function inputsText(
  roots: readonly PCollection<unknown>[],
  inputs: ReadonlyMap<string, readonly unknown[]>,
): string {
  // A transform of a PCollection may have a root of its own inside: combineGlobally's is no source to its user.
  const sources = roots.filter(({ producer }) => (producer.parent?.inputs.length ?? 0) === 0);
  const count = sources.reduce((sum, { id }) => sum + (inputs.get(id)?.length ?? 0), 0);
  return `${count} elements of ${sources.length === 1 ? 'its source' : `its ${sources.length} sources`}`;
}
