import { CacheManager, type CacheWriter } from '../cache/cache-manager.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { StepDecision } from './explain-miss.ts';
import { defaultOptions, type InteractiveOptions } from './options.ts';
import type { Steps, StepStats } from './steps.ts';

/** A cache entry that is being written, and the run that writes it. */
interface OpenWriter {
  readonly writer: CacheWriter;
  readonly signal: AbortSignal;
}

/** What is remembered of a request that was answered. */
export interface RequestRecord {
  /** Full names of its steps. */
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  readonly decisions: ReadonlyMap<AppliedPTransform, StepDecision>;
  readonly steps: Steps;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What the interactive runner remembers between requests of one process; the name is Interactive Beam's.
 *
 * Nothing here decides what is right: results are found by fingerprint alone. It holds the options, the open cache,
 * and what each step looked like when it was last asked for, to be able to say what changed.
 */
export class InteractiveEnvironment {
  readonly options: InteractiveOptions;
  /** Parts of the last fingerprint of each PCollection, by pipeline and full name. */
  readonly lastParts = new Map<string, ReadonlyMap<string, string>>();
  /** What is known of the last execution of each step; a step of a cell that is run again is a new one. */
  readonly lastSteps = new WeakMap<AppliedPTransform, StepStats>();
  /** The last request that each PCollection had a part in. */
  readonly lastRequests = new WeakMap<PCollection<unknown>, RequestRecord>();
  /** Keys of which this process has seen or made an entry: what is not among them was never kept, as far as it knows. */
  readonly keptKeys = new Set<string>();
  /** Objects whose properties name pipelines and PCollections: those that `watch` was given. */
  readonly watched = new Set<object>();
  #pipelines: WeakRef<Pipeline>[] = [];
  #pipelinesAfterSweep = 0;
  /** Things that went wrong without changing an answer: a damaged entry, a full disk. Taken by the next view. */
  readonly #notices: string[] = [];
  readonly #open = new Set<OpenWriter>();
  #cache: CacheManager | undefined;
  #cacheKey = '';

  constructor(options: InteractiveOptions) {
    this.options = options;
  }

  /** The cache as the options have it now; undefined if caching is off. */
  cache(): CacheManager | undefined {
    const { cacheRoot, cacheSizeLimit, enableCaching } = this.options;
    if (!enableCaching) return undefined;
    const key = `${cacheSizeLimit} ${cacheRoot}`;
    if (this.#cache === undefined || this.#cacheKey !== key) {
      this.#cache = new CacheManager({
        directory: cacheRoot,
        sizeLimit: cacheSizeLimit,
        onNotice: (notice) => this.#notices.push(notice),
      });
      this.#cacheKey = key;
    }
    return this.#cache;
  }

  /** Makes a pipeline known to `pipelines`, and gives it back; does not keep it from being collected as garbage. */
  begun(pipeline: Pipeline): Pipeline {
    this.#pipelines.push(new WeakRef(pipeline));
    if (this.#pipelines.length > 2 * this.#pipelinesAfterSweep + 64) this.pipelines();
    return pipeline;
  }

  /** The pipelines of this process that something still holds, in the order in which they were begun. */
  pipelines(): readonly Pipeline[] {
    const alive = this.#pipelines.filter((reference) => reference.deref() !== undefined);
    this.#pipelines = alive;
    this.#pipelinesAfterSweep = alive.length;
    return alive.flatMap((reference) => reference.deref() ?? []);
  }

  /** Remembers a writer until it is done, so that an interrupt that stops all code leaves no half-written file. */
  track(writer: CacheWriter, signal: AbortSignal): () => void {
    const open = { writer, signal };
    this.#open.add(open);
    return () => this.#open.delete(open);
  }

  /** Aborts what interrupted runs left open. A hard interrupt ends a run without running its `finally`. */
  async sweep(): Promise<void> {
    for (const open of this.#open) {
      if (!open.signal.aborted) continue;
      this.#open.delete(open);
      await open.writer.abort();
    }
  }

  /** Hands over what is to be told to the user, once. */
  takeNotices(): readonly string[] {
    return this.#notices.splice(0);
  }
}

/** The environment of this process: Interactive Beam's `current_env()`. `options` below is the user's handle to it. */
export const environment = new InteractiveEnvironment(defaultOptions());
