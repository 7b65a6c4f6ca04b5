import type { Counters } from '../executor/counters.ts';
import { EARLY_STOP, EarlyStop } from '../executor/early-stop.ts';
import { Pacer } from '../executor/pacer.ts';
import { StageExecutor, type StageExecutorOptions } from '../executor/stage-executor.ts';
import type { Stage } from '../graph/plan.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import type { ElementSource } from './run.ts';
import { readStageInput, type InputReceiver, type ReadProgress } from './stage-input.ts';
import { untilAborted } from './until-aborted.ts';

/** Elements of a bundle, where the input has no parts of its own. */
export const BUNDLE_SIZE = 50_000;

/** How long an interrupted stage waits for its DoFns' teardown, in milliseconds. */
const TEARDOWN_AFTER_ABORT_MS = 50;

/** What runStage needs beside the stage. */
export interface RunStageOptions extends Pick<StageExecutorOptions, 'names' | 'sinkOf' | 'shuffleOf'> {
  /** Where its elements come from, if it does not start at a root. */
  readonly source: Pick<ElementSource, 'read'> | undefined;
  readonly counters: Counters;
  /** True while some sink, of this stage or of one that follows from it, wants more of it. */
  readonly isNeeded: () => boolean;
  readonly signal: AbortSignal;
  readonly progress: ProgressReporter;
}

/** What was measured of a stage. */
export interface StageResult {
  /** By PCollection id. */
  readonly elements: ReadonlyMap<string, number>;
  /** By transform id, in milliseconds. */
  readonly transformMs: ReadonlyMap<string, number>;
}

/** Runs one stage: cuts its input in bundles, and ends early when none of its sinks wants more. */
export async function runStage(stage: Stage, options: RunStageOptions): Promise<StageResult> {
  const startedAt = performance.now();
  // Ends the source's reading as well when a user's async function fails.
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const pacer = new Pacer(signal);
  const executor = new StageExecutor(stage, {
    ...options,
    pacer,
    onFailure(error) {
      // That one branch has enough does not end the others.
      if (!(error instanceof EarlyStop) || !options.isNeeded()) ending.abort(error);
    },
  });
  const bundles = new Bundles(executor, { pacer, size: isRead(stage) ? Infinity : BUNDLE_SIZE });
  const read: ReadProgress = {};
  options.progress.stage(stage.name, { elements: () => bundles.elements, read });
  const root = stage.input.kind === 'input' ? undefined : stage.input.transform;
  const name = root === undefined ? stage.name : (options.names.get(root) ?? root.label);
  try {
    const work = async () => {
      await executor.setup();
      await readStageInput(stage, bundles, { source: options.source, name, signal, progress: read });
      signal.throwIfAborted();
      await bundles.endBundle();
    };
    await untilAborted(work(), signal);
  } catch (error) {
    bundles.stop(error);
    if (!(error instanceof EarlyStop)) {
      ending.abort(error);
      await tearDownAfter(executor, options.signal);
      throw error;
    }
  }
  ending.abort(EARLY_STOP);
  await untilAborted(executor.teardown(), options.signal);
  options.progress.stageEnded();
  const { elements, selfMs, sinksMs } = executor.measures();
  const transformMs = shareTime(performance.now() - startedAt, { selfMs, sinksMs });
  if (root !== undefined) transformMs.set(root.id, transformMs.get('') ?? 0);
  transformMs.delete('');
  return { elements, transformMs };
}

/** A source says itself where a bundle ends: each of its shards is one. */
function isRead({ input }: Stage): boolean {
  return input.kind === 'root' && input.transform.spec?.kind === 'read';
}

/** What failed is reported, not what teardown throws after it; an interrupt does not wait for a slow one. */
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

/** Feeds an executor: opens a bundle for the first element, closes it after `size` or where the input says. */
class Bundles implements InputReceiver {
  readonly receive: InputReceiver['receive'];
  readonly #executor: StageExecutor;
  #elements = 0;
  #inBundle = 0;
  #isOpen = false;
  #stopped: { readonly reason: unknown } | undefined;

  constructor(executor: StageExecutor, { pacer, size }: { readonly pacer: Pacer; readonly size: number }) {
    this.#executor = executor;
    const { receive } = executor;
    this.receive = (value, timestamp, windows, pane) => {
      if (!this.#isOpen || this.#inBundle >= size) {
        return this.#nextBundle().then(() => this.receive(value, timestamp, windows, pane));
      }
      this.#elements += 1;
      this.#inBundle += 1;
      const wait = receive(value, timestamp, windows, pane);
      return wait === undefined ? pacer.pause() : wait.then(() => pacer.pause());
    };
  }

  /** Elements that were read so far. */
  get elements(): number {
    return this.#elements;
  }

  async endBundle(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#inBundle = 0;
    await this.#executor.finishBundle();
  }

  /** Takes no more: a source that goes on although it was told to end gets `reason`. */
  stop(reason: unknown): void {
    this.#isOpen = false;
    this.#stopped = { reason };
  }

  async #nextBundle(): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped.reason;
    await this.endBundle();
    await this.#executor.startBundle();
    this.#isOpen = true;
  }
}
