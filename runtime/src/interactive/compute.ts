import type { CacheEntry } from '../cache/cache-manager.ts';
import { DamagedEntryError, NotCacheableError } from '../cache/errors.ts';
import { digestValue } from '../capture/digest.ts';
import { run, type ElementSource, type RunProgress } from '../engine/run.ts';
import { InterruptedError } from '../errors.ts';
import { fingerprints, type Fingerprint } from '../graph/fingerprint.ts';
import { fragment, type Fragment } from '../graph/fragment.ts';
import { fuse } from '../graph/fuse.ts';
import { fullNames } from '../graph/names.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { WindowedValue } from '../model/windowed-value.ts';
import type { InteractiveEnvironment } from './environment.ts';
import { explainMiss, rememberParts } from './explain-miss.ts';
import { asCached, stepsFromProvenance, stepsOf, type Steps } from './steps.ts';
import { TargetSink, type Keep } from './target-sink.ts';

/** What a request has of one PCollection. */
export interface Materialised {
  readonly values: readonly unknown[];
  /** The same elements with all the model knows of them; empty unless `windowInfo` was asked for. */
  readonly windowed: readonly WindowedValue<unknown>[];
  /** Elements in the whole PCollection; undefined for a sample. */
  readonly total: number | undefined;
  readonly origin: 'cache' | 'computed';
  /** Why it was reused or computed, as a sentence part: `helper "stem" changed`. */
  readonly why: string;
  /** Why it will be computed again next time; undefined if it is in the cache. */
  readonly notCached: string | undefined;
  /** What was executed for it, now or when the cache entry was made, by full name. */
  readonly steps: Steps;
  /** Time that this request took, in milliseconds. */
  readonly ms: number;
}

/** What `compute` takes. */
export interface ComputeOptions extends Keep {
  readonly environment: InteractiveEnvironment;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

interface Request {
  readonly whole: Fragment;
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  readonly keys: ReadonlyMap<string, Fingerprint>;
  readonly entries: ReadonlyMap<string, CacheEntry>;
}

/**
 * Gives the elements of PCollections, running only what no cache entry answers.
 *
 * The fragment that the targets need is cut at every PCollection whose fingerprint has an entry. What runs writes
 * entries for the targets and for the outputs of groupings and combines, from which later requests go on. An entry
 * that turns out damaged is dropped, and the request starts over without it.
 *
 * @throws {PipelineError} what the user can mend. @throws {InterruptedError} once the signal was aborted.
 */
export async function compute(
  targets: readonly PCollection<unknown>[],
  options: ComputeOptions,
): Promise<readonly Materialised[]> {
  const started = performance.now();
  const { environment } = options;
  await environment.sweep();
  const whole = fragment(targets);
  const names = fullNames(whole.transforms);
  const cache = environment.cache();
  const keys: ReadonlyMap<string, Fingerprint> =
    cache === undefined ? new Map() : await fingerprints(whole, { digest: digestValue, names });
  for (;;) {
    throwIfAborted(options.signal);
    const entries = new Map<string, CacheEntry>();
    for (const [id, fingerprint] of keys) {
      if (fingerprint.kind !== 'key') continue;
      const entry = await cache?.lookup(fingerprint.key);
      if (entry !== undefined) entries.set(id, entry);
    }
    try {
      return await answer(targets, { whole, names, keys, entries }, options, started);
    } catch (error) {
      // The manager has removed the entry, and said so: the next turn does not find it.
      if (!(error instanceof DamagedEntryError)) throw error;
    }
  }
}

async function answer(
  targets: readonly PCollection<unknown>[],
  request: Request,
  options: ComputeOptions,
  started: number,
): Promise<readonly Materialised[]> {
  const { entries } = request;
  const missing = [...new Set(targets.filter(({ id }) => !entries.has(id)))];
  const why = new Map(
    missing.map((target) => [target.id, explainMiss(target, request, options.environment)]),
  );
  rememberParts(request, options.environment);
  const computed = missing.length === 0 ? undefined : await execute(missing, request, options);
  const answers: Materialised[] = [];
  for (const target of targets) {
    const entry = entries.get(target.id);
    const sink = computed?.sinks.get(target.id);
    if (entry !== undefined) {
      const kept = await readEntry(entry, options);
      answers.push({
        ...kept,
        total: entry.count,
        origin: 'cache',
        why: `nothing that makes it changed since ${new Date(entry.info.createdAt).toLocaleString()}`,
        notCached: undefined,
        steps: stepsFromProvenance(entry.info.provenance),
        ms: performance.now() - started,
      });
    } else if (computed !== undefined && sink !== undefined) {
      answers.push({
        values: sink.values,
        windowed: sink.windowed,
        total: sink.isComplete ? sink.count : undefined,
        origin: 'computed',
        why: why.get(target.id) ?? '',
        notCached: computed.notCached.get(target.id),
        steps: computed.steps,
        ms: performance.now() - started,
      });
    }
  }
  rememberSteps(request, answers, options.environment);
  return answers;
}

function rememberSteps(
  { whole, names }: Request,
  answers: readonly Materialised[],
  { lastSteps }: InteractiveEnvironment,
): void {
  for (const transform of whole.transforms) {
    const name = names.get(transform) ?? transform.label;
    for (const { steps } of answers) {
      const step = steps[name];
      if (step !== undefined) lastSteps.set(transform, step);
    }
  }
}

/** Runs what `missing` needs, and commits what came out whole. */
async function execute(missing: readonly PCollection<unknown>[], request: Request, options: ComputeOptions) {
  const { names, keys, entries } = request;
  const needed = fragment(missing, ({ id }) => entries.has(id));
  const toMaterialise = new Set<PCollection<unknown>>(missing);
  for (const { outputs } of needed.transforms) {
    for (const output of outputs.values()) if (isShuffled(output)) toMaterialise.add(output);
  }
  const sinks = new Map<string, TargetSink>();
  const notCached = new Map<string, string>();
  const release: (() => void)[] = [];
  const cache = options.environment.cache();
  for (const pcollection of toMaterialise) {
    const keep = missing.includes(pcollection) ? keepOf(pcollection, options) : NOTHING;
    const fingerprint = keys.get(pcollection.id);
    const isCacheable = cache !== undefined && fingerprint?.kind === 'key' && keep.limit === undefined;
    if (keep === NOTHING && !isCacheable) {
      toMaterialise.delete(pcollection);
      continue;
    }
    const writer = isCacheable ? await cache.create(fingerprint.key) : undefined;
    if (writer !== undefined) release.push(options.environment.track(writer, options.signal));
    if (fingerprint?.kind === 'none') notCached.set(pcollection.id, fingerprint.reason);
    sinks.set(pcollection.id, new TargetSink(keep, writer));
  }
  const began = performance.now();
  try {
    const filesBefore = await sourceFingerprints(needed);
    const plan = fuse(needed, { materialise: toMaterialise, names });
    const inputs = new Map<string, ElementSource>(
      needed.inputs.map(({ id }) => [id, requireEntry(entries, id)]),
    );
    const { signal, onProgress } = options;
    const result = await run(plan, { inputs, sinks, signal, ...(onProgress && { onProgress }) });
    let steps: Steps = stepsOf(needed, result, names);
    for (const { id } of needed.inputs) {
      steps = { ...stepsFromProvenance(entries.get(id)?.info.provenance), ...steps };
    }
    const costMs = performance.now() - began;
    // A file that changed while it was read: what came out belongs to neither of its fingerprints.
    const isTorn = (await sourceFingerprints(needed)) !== filesBefore;
    for (const pcollection of toMaterialise) {
      const sink = sinks.get(pcollection.id);
      if (sink?.writer === undefined || !sink.isComplete) continue;
      const name = names.get(pcollection.producer) ?? pcollection.producer.label;
      const reason = isTorn ? 'an input file changed while it was read' : sink.writer.uncacheable;
      if (reason !== undefined) {
        notCached.set(pcollection.id, reason);
        continue;
      }
      try {
        await sink.writer.commit({ name, costMs, provenance: { steps: asCached(steps) } });
      } catch (error) {
        // A full disk, say: the answer is right all the same.
        if (!(error instanceof NotCacheableError)) throw error;
        notCached.set(pcollection.id, error.reason);
      }
    }
    return { sinks, steps, notCached };
  } finally {
    for (const { writer } of sinks.values()) await writer?.abort();
    for (const done of release) done();
  }
}

const NOTHING: Keep = { elements: 0, windowInfo: false };

/** What comes out of a shuffle is all there at once: stopping it early would save nothing and lose the entry. */
function keepOf(target: PCollection<unknown>, { elements, windowInfo, limit }: Keep): Keep {
  if (limit === undefined || !isShuffled(target)) return { elements, windowInfo, limit };
  return { elements: Math.min(elements, limit), windowInfo };
}

function isShuffled({ producer: { spec } }: PCollection<unknown>): boolean {
  return spec?.kind === 'groupByKey' || spec?.kind === 'combinePerKey';
}

/** The state of all files that a run reads, to tell whether it changed on the way. */
async function sourceFingerprints({ transforms }: Fragment): Promise<string> {
  const sources = transforms.flatMap(({ spec }) => (spec?.kind === 'read' ? [spec.source] : []));
  return JSON.stringify(await Promise.all(sources.map((source) => source.fingerprint())));
}

/** Reads what the request keeps, and no more of the entry than that. */
async function readEntry(
  entry: CacheEntry,
  options: ComputeOptions,
): Promise<Pick<Materialised, 'values' | 'windowed'>> {
  const wanted = Math.min(options.elements, options.limit ?? Infinity);
  if (wanted >= entry.count && !options.windowInfo) {
    const values: unknown[] = [];
    await entry.read((value) => void values.push(value), options.signal);
    return { values, windowed: [] };
  }
  const windowed = await entry.page(0, Math.min(wanted, entry.count));
  return { values: windowed.map(({ value }) => value), windowed: options.windowInfo ? windowed : [] };
}

function requireEntry(entries: ReadonlyMap<string, CacheEntry>, id: string): CacheEntry {
  const entry = entries.get(id);
  if (entry === undefined)
    throw new RangeError(`Cannot read "${id}" as it must be in the cache: received no entry`);
  return entry;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new InterruptedError();
}
