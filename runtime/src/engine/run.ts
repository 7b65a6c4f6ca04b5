import { addTo } from '../executor/add-to.ts';
import { Metrics, type MetricValues } from '../executor/metrics.ts';
import { Pacer } from '../executor/pacer.ts';
import type { Plan, Stage } from '../graph/plan.ts';
import { MAX_TIMESTAMP } from '../model/timestamp.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { Receiver } from '../model/windowed-value.ts';
import type { Clock } from './clock.ts';
import { Demand } from './demand.ts';
import { ElementManager, type ManagedStage } from './element-manager.ts';
import type { Groups } from './groups/groups.ts';
import { openGroups } from './groups/open-groups.ts';
import { KeyedElements } from './state/keyed-elements.ts';
import { limitedSink } from './limited-sink.ts';
import { clockFor, openInput } from './open-input.ts';
import { RunMemory, type MemoryOptions } from './memory/run-memory.ts';
import type { MemoryUse } from './memory/memory-budget.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { RunningStage } from './running-stage.ts';
import { SideInputs } from './side-inputs/side-inputs.ts';
import { SplittableElements } from './splittable/splittable-elements.ts';

/** Elements of a bundle, where the input has no parts of its own. */
const BUNDLE_SIZE = 50_000;

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
export interface RunResult extends MetricValues {
  /** Some PCollection is not there whole, as its sink wanted no more. */
  readonly stoppedEarly: boolean;
  /** Elements that were made, by PCollection id; of those that an early stop cut, the part that was made. */
  readonly elements: ReadonlyMap<string, number>;
  /**
   * Milliseconds in each transform, by its id: an estimate. A stage's time is measured; within it, 1 of 64 calls of
   * each step is timed, and what is left is the input's. Of async functions it has the time that they held the thread.
   */
  readonly transformMs: ReadonlyMap<string, number>;
  readonly memory: MemoryUse & { readonly spilledBytes: number };
}

/** What run needs beside the plan. */
export interface RunOptions extends MemoryOptions {
  /** By PCollection id: the fragment's inputs. */
  readonly inputs: ReadonlyMap<string, ElementSource>;
  /** By PCollection id: what was materialised. */
  readonly sinks: ReadonlyMap<string, ElementSink>;
  readonly signal: AbortSignal;
  /** Called a few times a second. */
  readonly onProgress?: (progress: RunProgress) => void;
  /**
   * Reads unbounded sources for so many milliseconds of processing time, and ends them then: what is in open windows
   * comes out. Without it they are read until they end, or no sink wants more.
   */
  readonly duration?: number | undefined;
  /** Processing time; the machine's unless a test stream has its own. */
  readonly clock?: Clock;
  /** Elements of a bundle, where the input has no parts of its own: 50,000. Results do not depend on it. */
  readonly bundleSize?: number;
  /** Splits each restriction of a splittable DoFn after so many elements, also of those that end. Results do not depend on it. */
  readonly restrictionElements?: number;
}

/**
 * Runs a plan in this thread, bundle after bundle: the element manager says of which stage.
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
  const running = new Run(plan, options);
  try {
    await running.toItsEnd();
    return running.result();
  } catch (error) {
    await running.abandon(error);
    throw error;
  } finally {
    running.close();
  }
}

/** One run of a plan. */
class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #demand: Demand;
  readonly #metrics = new Metrics();
  readonly #memory: RunMemory;
  readonly #groups: ReadonlyMap<string, Groups>;
  readonly #sides: SideInputs;
  readonly #stages: readonly RunningStage[];
  readonly #managed: readonly ManagedStage[];
  readonly #manager: ElementManager;
  readonly #progress: ProgressReporter;
  readonly #open: Set<number>;
  readonly #elements = new Map<string, number>();
  readonly #transformMs = new Map<string, number>();
  /** Ids of PCollections that are not there whole. */
  readonly #incomplete = new Set<string>();
  #shown: RunningStage | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#clock = options.clock ?? clockFor(plan.stages);
    this.#demand = new Demand(plan);
    this.#memory = new RunMemory(options, options.signal);
    this.#sides = new SideInputs(plan, {
      outputOf: (stage) => this.#manager.outputOf(stage),
      memory: this.#memory,
    });
    this.#groups = openGroups(plan, {
      sideOf: (pcollection) => this.#sides.of(pcollection),
      now: () => this.#clock.now(),
      memory: this.#memory,
      restrictionElements: options.restrictionElements,
      onDropped: (transform, why, count) => {
        this.#metrics.counter(transform, why).increment(count);
      },
    });
    const sinks = this.#limitedSinks();
    this.#stages = plan.stages.map((stage) => this.#runningStage(stage, sinks));
    const upstream = plan.stages.map((stage) => upstreamOf(stage, plan));
    this.#managed = this.#stages.map(({ source }, index) => {
      return { source, upstream: upstream[index] ?? [], after: this.#sides.before(index, upstream) };
    });
    this.#manager = new ElementManager(this.#managed);
    this.#open = new Set(this.#stages.keys());
    this.#progress = new ProgressReporter(options.onProgress);
  }

  async toItsEnd(): Promise<void> {
    const { duration, signal } = this.#options;
    const pacer = new Pacer(signal);
    const deadline = duration === undefined ? Infinity : this.#clock.now() + duration;
    let isCut = false;
    for (;;) {
      const processingTime = this.#clock.now();
      if (processingTime >= deadline && !isCut) {
        isCut = true;
        this.#cut();
      }
      const next = this.#manager.next({ processingTime, isNeeded: (stage) => this.#isNeeded(stage) });
      switch (next.kind) {
        case 'bundle':
          await this.#process(next.stage);
          break;
        case 'end':
          await this.#end(next.stage);
          break;
        case 'wait':
          await this.#clock.wait(isCut ? next.until : Math.min(next.until, deadline), signal);
          break;
        case 'done':
          return;
      }
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
  }

  result(): RunResult {
    return {
      stoppedEarly: this.#incomplete.size > 0,
      ...this.#metrics.values,
      elements: this.#elements,
      transformMs: this.#transformMs,
      memory: this.#memory.use,
    };
  }

  /** Tears all down that was set up, as the run has failed. */
  async abandon(reason: unknown): Promise<void> {
    for (const stage of this.#stages) await stage.abandon(reason);
  }

  close(): void {
    this.#progress.close();
    for (const groups of this.#groups.values()) groups.close();
    this.#sides.close();
    this.#memory.close();
  }

  #limitedSinks(): ReadonlyMap<string, Receiver> {
    const sinks = new Map<string, Receiver>();
    for (const [id, sink] of this.#options.sinks) {
      sinks.set(
        id,
        limitedSink(sink, () => this.#demand.satisfy(id)),
      );
      if (sink.limit === 0) this.#demand.satisfy(id);
    }
    return sinks;
  }

  #runningStage(stage: Stage, sinks: ReadonlyMap<string, Receiver>): RunningStage {
    const { names } = this.#plan;
    const { inputs, signal, bundleSize = BUNDLE_SIZE } = this.#options;
    const read = {};
    const written = stage.shuffles.flatMap(({ id }) => this.#groups.get(id) ?? []);
    return new RunningStage(stage, {
      names,
      source: openInput(stage, { names, inputs, groups: this.#groups, clock: this.#clock, progress: read }),
      sinkOf: ({ id }) => sinks.get(id),
      shuffleOf: (transform) => requireGroups(this.#groups, transform).add,
      sideOf: (pcollection) => this.#sides.of(pcollection).add,
      userStateOf: ({ id }) => {
        const groups = this.#groups.get(id);
        return groups instanceof KeyedElements ? groups.userState : undefined;
      },
      restrictionsOf: ({ id }) => {
        const groups = this.#groups.get(id);
        return groups instanceof SplittableElements ? groups.turns : undefined;
      },
      sideInputOf: ({ sideInputs }, name) => {
        const pcollection = sideInputs.get(name);
        return pcollection && this.#sides.of(pcollection);
      },
      metrics: this.#metrics,
      bundleSize,
      isNeeded: () => this.#demand.isNeeded(stage),
      onBundle: () => {
        for (const groups of written) groups.endBundle();
        return this.#memory.budget.look();
      },
      signal,
      read,
    });
  }

  #isNeeded(index: number): boolean {
    const running = this.#stages[index];
    return running !== undefined && this.#demand.isNeeded(running.stage);
  }

  async #process(index: number): Promise<void> {
    const running = this.#stages[index];
    if (running === undefined) return;
    if (this.#shown !== running) {
      this.#shown = running;
      this.#progress.stage(running.stage.name, { elements: () => running.elements, read: running.read });
    }
    if (await running.process()) return;
    this.#manager.end(index);
    await this.#end(index);
  }

  async #end(index: number): Promise<void> {
    const running = this.#stages[index];
    if (running === undefined || !this.#open.delete(index)) return;
    if (this.#demand.isNeeded(running.stage) || running.isOpen) {
      const { elements, transformMs } = await running.close();
      for (const [id, count] of elements) addTo(this.#elements, id, count);
      for (const [id, ms] of transformMs) addTo(this.#transformMs, id, ms);
      if (this.#shown === running) this.#progress.stageEnded();
    }
    await this.#closeSinks(running.stage);
  }

  /** Closes the sinks of PCollections that this stage was the last to add to. */
  async #closeSinks({ materialised }: Stage): Promise<void> {
    const others = [...this.#open].flatMap((index) => this.#stages[index]?.stage.materialised ?? []);
    for (const pcollection of materialised) {
      if (this.#demand.isSatisfied(pcollection.id)) this.#incomplete.add(pcollection.id);
      if (this.#incomplete.has(pcollection.id) || others.includes(pcollection)) continue;
      await this.#options.sinks.get(pcollection.id)?.close();
    }
  }

  /** Ends what need not end; all that follows from it is not there whole. */
  #cut(): void {
    const after = new Set<number>();
    for (const [index, { source, upstream }] of this.#managed.entries()) {
      if (!this.#open.has(index)) continue;
      if (source.cut !== undefined && source.watermark < MAX_TIMESTAMP) {
        source.cut();
        after.add(index);
      } else if (upstream.some((each) => after.has(each))) {
        after.add(index);
      }
      if (!after.has(index)) continue;
      for (const { id } of this.#stages[index]?.stage.materialised ?? []) this.#incomplete.add(id);
    }
  }
}

/** The places in the plan of the stages that write to what this one reads. */
function upstreamOf({ input }: Stage, { stages }: Plan): number[] {
  if (input.kind !== 'shuffle' && input.kind !== 'held') return [];
  return [...stages.entries()].flatMap(([index, { shuffles }]) =>
    shuffles.includes(input.transform) ? [index] : [],
  );
}

function requireGroups(groups: ReadonlyMap<string, Groups>, { id, label }: AppliedPTransform): Groups {
  const found = groups.get(id);
  if (found === undefined)
    throw new RangeError(`Cannot group for "${label}" as it must be in the plan: received ${id}`);
  return found;
}
