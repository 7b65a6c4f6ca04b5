import { guardCombine } from '../executor/combine-operators.ts';
import { Counters } from '../executor/counters.ts';
import type { Plan, Stage } from '../graph/plan.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { Demand } from './demand.ts';
import { limitedSink } from './limited-sink.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { runStage } from './run-stage.ts';
import { MemoryShuffle, type Shuffle } from './shuffle.ts';

/** A PCollection that is there already. */
export interface ElementSource {
  /** Elements in it, where that is known. */
  readonly count?: number;
  /** Gives all elements; waits wherever `receiver` asks for it, and rejects once `signal` is aborted. */
  read(receiver: Receiver, signal: AbortSignal): Promise<void>;
}

/** Takes the elements of one PCollection. */
export interface ElementSink {
  /** It wants no more than so many: the engine stops what is upstream early, unless it is needed for others. */
  readonly limit?: number;
  readonly add: Receiver;
  /** The PCollection is complete. Not called when it was stopped early, or the run failed. */
  close(): void | Promise<void>;
}

/** How far a run is. */
export interface RunProgress {
  /** The stage that runs now: full names of its first and last transform. */
  readonly stage: string;
  /** Elements read by this stage so far. */
  readonly elements: number;
  /** Bytes read by this stage so far, where the source says so. */
  readonly bytes?: number;
  readonly totalBytes?: number;
  /** Since the run began, in milliseconds. */
  readonly elapsedMs: number;
}

/** What a run came to. */
export interface RunResult {
  /** Some PCollection is not there whole, as its sink wanted no more. */
  readonly stoppedEarly: boolean;
  /** By full transform name, then by counter. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Elements that were made, by PCollection id; of those that an early stop cut, the part that was made. */
  readonly elements: ReadonlyMap<string, number>;
  /**
   * Milliseconds in each transform, by its id: an estimate. A stage's time is measured; within it, 1 of 64 calls of
   * each step is timed, and what is left is the input's. Of async functions it has the time that they held the thread.
   */
  readonly transformMs: ReadonlyMap<string, number>;
}

/** What run needs beside the plan. */
export interface RunOptions {
  /** By PCollection id: the fragment's inputs. */
  readonly inputs: ReadonlyMap<string, ElementSource>;
  /** By PCollection id: what was materialised. */
  readonly sinks: ReadonlyMap<string, ElementSink>;
  readonly signal: AbortSignal;
  /** Called a few times a second. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/**
 * Runs a plan in this thread, stage after stage.
 *
 * The event loop gets its turn about every 40 ms; an abort is seen then, and while waiting for an async function. A
 * stage whose sinks all have enough is stopped or never started. A sink is closed as soon as its PCollection is
 * complete.
 *
 * @throws {PipelineError} what the user can mend: their functions, keys and sources. DoFns are torn down before.
 * @throws the signal's reason, once it is aborted.
 */
export async function run(plan: Plan, options: RunOptions): Promise<RunResult> {
  options.signal.throwIfAborted();
  const demand = new Demand(plan);
  const counters = new Counters();
  const shuffles = openShuffles(plan);
  const elements = new Map<string, number>();
  const transformMs = new Map<string, number>();
  const incomplete = new Set<string>();
  const sinks = new Map<string, Receiver>();
  for (const [id, sink] of options.sinks) {
    sinks.set(
      id,
      limitedSink(sink, () => demand.satisfy(id)),
    );
    if (sink.limit === 0) demand.satisfy(id);
  }
  const progress = new ProgressReporter(options.onProgress);
  try {
    for (const [index, stage] of plan.stages.entries()) {
      if (demand.isNeeded(stage)) {
        const result = await runStage(stage, {
          names: plan.names,
          source: sourceOf(stage, options.inputs, shuffles),
          sinkOf: ({ id }) => sinks.get(id),
          shuffleOf: (transform) => requireShuffle(shuffles, transform).add,
          counters,
          isNeeded: () => demand.isNeeded(stage),
          signal: options.signal,
          progress,
        });
        for (const [id, count] of result.elements) elements.set(id, count + (elements.get(id) ?? 0));
        for (const [id, ms] of result.transformMs) transformMs.set(id, ms + (transformMs.get(id) ?? 0));
      }
      for (const { id } of stage.materialised) if (demand.isSatisfied(id)) incomplete.add(id);
      await closeSinks(stage, { later: plan.stages.slice(index + 1), incomplete, sinks: options.sinks });
    }
  } finally {
    progress.close();
    for (const shuffle of shuffles.values()) await shuffle.close();
  }
  return { stoppedEarly: incomplete.size > 0, counters: counters.toJSON(), elements, transformMs };
}

function openShuffles(plan: Plan): ReadonlyMap<string, Shuffle> {
  const shuffles = new Map<string, Shuffle>();
  for (const transform of plan.stages.flatMap((stage) => stage.shuffles)) {
    if (shuffles.has(transform.id)) continue;
    const name = plan.names.get(transform) ?? transform.label;
    const { spec } = transform;
    if (spec?.kind === 'combinePerKey') {
      const combine = guardCombine(spec.fn, { name, transform });
      const merge = (accumulators: readonly unknown[]) => combine.merge(accumulators);
      shuffles.set(transform.id, new MemoryShuffle({ transform: name, merge }));
    } else {
      shuffles.set(transform.id, new MemoryShuffle({ transform: name }));
    }
  }
  return shuffles;
}

function sourceOf(
  { input, head }: Stage,
  inputs: ReadonlyMap<string, ElementSource>,
  shuffles: ReadonlyMap<string, Shuffle>,
): Pick<ElementSource, 'read'> | undefined {
  switch (input.kind) {
    case 'root':
      return undefined;
    case 'shuffle':
      // One that no stage writes to has no input: a groupByKey after an empty flatten.
      return shuffles.get(input.transform.id) ?? { read: () => Promise.resolve() };
    case 'input':
      return inputs.get(head.id);
  }
}

function requireShuffle(shuffles: ReadonlyMap<string, Shuffle>, { id, label }: AppliedPTransform): Shuffle {
  const shuffle = shuffles.get(id);
  if (shuffle === undefined)
    throw new RangeError(`Cannot shuffle for "${label}" as it must be in the plan: received ${id}`);
  return shuffle;
}

/** Closes the sinks of PCollections that this stage was the last to add to. */
async function closeSinks(
  stage: Stage,
  options: {
    readonly later: readonly Stage[];
    readonly incomplete: ReadonlySet<string>;
    readonly sinks: ReadonlyMap<string, ElementSink>;
  },
): Promise<void> {
  for (const pcollection of stage.materialised) {
    if (options.incomplete.has(pcollection.id)) continue;
    if (options.later.some(({ materialised }) => materialised.includes(pcollection))) continue;
    await options.sinks.get(pcollection.id)?.close();
  }
}
