import type { CommitCallback } from '../executor/bundle-finalizers.ts';
import { addTo } from '../executor/add-to.ts';
import type { Metrics } from '../executor/metrics.ts';
import { EARLY_STOP, EarlyStop } from '../executor/early-stop.ts';
import { Pacer } from '../executor/pacer.ts';
import { StageExecutor, type StageExecutorOptions } from '../executor/stage-executor.ts';
import type { Stage } from '../graph/plan.ts';
import { Bundles } from './bundles.ts';
import type { BundleSource, ReadProgress } from './inputs/bundle-source.ts';
import { untilAborted } from './until-aborted.ts';

/** How long an interrupted stage waits for its DoFns' teardown, in milliseconds. */
const TEARDOWN_AFTER_ABORT_MS = 50;

/** What a RunningStage needs beside the stage. */
export interface RunningStageOptions extends Pick<
  StageExecutorOptions,
  'names' | 'sinkOf' | 'shuffleOf' | 'sideInputOf' | 'sideOf' | 'userStateOf' | 'restrictionsOf'
> {
  /** Where its bundles come from. */
  readonly source: BundleSource;
  readonly metrics: Metrics;
  /** Elements of a bundle, where the source does not say itself where one ends. */
  readonly bundleSize: number;
  /** True while some sink, of this stage or of one that follows from it, wants more of it. */
  readonly isNeeded: () => boolean;
  /** A bundle has ended, and all that it emits has been taken. */
  readonly onBundle: () => void | Promise<void>;
  readonly signal: AbortSignal;
  readonly read: ReadProgress;
}

/** What was measured of a stage. */
export interface StageResult {
  /** By PCollection id. */
  readonly elements: ReadonlyMap<string, number>;
  /** By transform id, in milliseconds. */
  readonly transformMs: ReadonlyMap<string, number>;
}

/** A stage of a run: set up before its first bundle, torn down after its last. */
export class RunningStage {
  readonly stage: Stage;
  readonly source: BundleSource;
  readonly read: ReadProgress;
  readonly #options: RunningStageOptions;
  readonly #executor: StageExecutor;
  readonly #bundles: Bundles;
  /** Ends the source's reading as well when a user's async function fails. */
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  /** What is to be called when the bundle under way has ended. */
  readonly #commits: CommitCallback[] = [];
  #state: 'new' | 'open' | 'closed' = 'new';
  #busyMs = 0;

  constructor(stage: Stage, options: RunningStageOptions) {
    this.stage = stage;
    this.source = options.source;
    this.read = options.read;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#ending.signal]);
    const pacer = new Pacer(this.#signal);
    this.#executor = new StageExecutor(stage, {
      ...options,
      pacer,
      onCommit: (callback) => void this.#commits.push(callback),
      onFailure: (error) => {
        // That one branch has enough does not end the others.
        if (!(error instanceof EarlyStop) || !options.isNeeded()) this.#ending.abort(error);
      },
    });
    const { onBundle, bundleSize } = options;
    const size = isRead(stage) ? Infinity : bundleSize;
    const head = stage.input.kind === 'held' ? stage.input.transform : undefined;
    this.#bundles = new Bundles(this.#executor, {
      pacer,
      size,
      head,
      onBundle: async () => {
        await onBundle();
        for (const { call } of this.#commits.splice(0)) await call();
      },
    });
  }

  /** True from its set-up to its teardown. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Elements that were read so far. */
  get elements(): number {
    return this.#bundles.elements;
  }

  /**
   * Reads what the source has now, and processes it.
   *
   * @returns false if none of its sinks wants more: there is no use in reading on.
   * @throws {PipelineError} what the user can mend. @throws the signal's reason, once it is aborted. It is torn down then.
   */
  async process(): Promise<boolean> {
    return await this.#timed(async () => {
      if (this.#state === 'new') await this.#setup();
      await this.source.read(this.#bundles, this.#signal);
      this.#signal.throwIfAborted();
      await this.#bundles.endBundle();
    });
  }

  /** Tears it down after its last bundle, and gives what was measured. One that had none is set up first. */
  async close(): Promise<StageResult> {
    if (this.#state === 'new') await this.#timed(() => this.#setup());
    this.#state = 'closed';
    this.#ending.abort(EARLY_STOP);
    const started = performance.now();
    await untilAborted(this.#executor.teardown(), this.#options.signal);
    return this.#result(this.#busyMs + performance.now() - started);
  }

  /** Tears it down because the run has failed: what failed is reported, not what this throws. */
  async abandon(reason: unknown): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    this.#bundles.stop(reason);
    this.#ending.abort(reason);
    await tearDownAfter(this.#executor, this.#options.signal);
  }

  async #setup(): Promise<void> {
    this.#state = 'open';
    await this.#executor.setup();
  }

  async #timed(work: () => Promise<void>): Promise<boolean> {
    const started = performance.now();
    try {
      await untilAborted(work(), this.#signal);
      return true;
    } catch (error) {
      if (error instanceof EarlyStop) {
        this.#bundles.stop(error);
        return false;
      }
      await this.abandon(error);
      throw error;
    } finally {
      this.#busyMs += performance.now() - started;
    }
  }

  #result(totalMs: number): StageResult {
    const { elements, selfMs, sinksMs } = this.#executor.measures();
    const transformMs = shareTime(totalMs, { selfMs, sinksMs });
    const { input } = this.stage;
    if (input.kind !== 'input') addTo(transformMs, input.transform.id, transformMs.get('') ?? 0);
    transformMs.delete('');
    return { elements, transformMs };
  }
}

/** A source says itself where a bundle ends: each of its shards is one. */
function isRead({ input }: Stage): boolean {
  return input.kind === 'root' && input.transform.spec?.kind === 'read';
}

/** An interrupt does not wait for a slow teardown. */
async function tearDownAfter(executor: StageExecutor, signal: AbortSignal): Promise<void> {
  const torn = executor.teardown().catch(() => undefined);
  if (!signal.aborted) return untilAborted(torn, signal).catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, TEARDOWN_AFTER_ABORT_MS)));
  await Promise.race([torn, late]);
  clearTimeout(timer);
}

/** By transform id; what no step accounts for is under "", the input's. Estimates beyond `totalMs` are scaled down. */
function shareTime(
  totalMs: number,
  { selfMs, sinksMs }: Pick<ReturnType<StageExecutor['measures']>, 'selfMs' | 'sinksMs'>,
): Map<string, number> {
  const estimated = [...selfMs.values()].reduce((sum, ms) => sum + ms, sinksMs);
  const scale = estimated > totalMs ? totalMs / estimated : 1;
  const shares = new Map<string, number>([['', Math.max(0, totalMs - estimated)]]);
  for (const [{ id }, ms] of selfMs) shares.set(id, ms * scale);
  return shares;
}
