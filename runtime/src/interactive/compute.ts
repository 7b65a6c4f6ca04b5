import type { CacheEntry } from '../cache/cache-manager.ts';
import { DamagedEntryError } from '../cache/errors.ts';
import { digestValue } from '../capture/digest.ts';
import { InterruptedError } from '../errors.ts';
import { fingerprints, type Fingerprint } from '../graph/fingerprint.ts';
import { fragment } from '../graph/fragment.ts';
import { fullNames } from '../graph/names.ts';
import { allInputs } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { WindowedValue } from '../model/windowed-value.ts';
import type { InteractiveEnvironment } from './environment.ts';
import { explainMiss, explainSteps, rememberParts, unchangedSince } from './explain-miss.ts';
import { runMissing, type Request, type RunMissingOptions } from './run-missing.ts';
import { mergeSteps, stepsFromProvenance, type Steps } from './steps.ts';

/** What a request has of one PCollection. */
export interface Materialised {
  readonly values: readonly unknown[];
  /** The same elements with all the model knows of them; empty unless `windowInfo` was asked for. */
  readonly windowed: readonly WindowedValue<unknown>[];
  /** Elements in the whole PCollection; undefined for a sample. */
  readonly total: number | undefined;
  /** Of a sample: milliseconds after which its sources were ended; undefined where something else ended it. */
  readonly duration: number | undefined;
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
  options: RunMissingOptions,
): Promise<readonly Materialised[]> {
  const started = performance.now();
  const { environment } = options;
  await environment.sweep();
  const whole = fragment(targets);
  const names = fullNames(whole.transforms);
  const cache = environment.cache();
  const keys: ReadonlyMap<string, Fingerprint> =
    cache === undefined ? new Map() : await fingerprints(whole, { digest: digestValue, names });
  const damaged = new Set<string>();
  for (;;) {
    throwIfAborted(options.signal);
    const entries = await findEntries(targets, keys, async (key) =>
      damaged.has(key) ? undefined : cache?.lookup(key),
    );
    try {
      return await answer(targets, { whole, names, keys, entries }, options, started);
    } catch (error) {
      if (!(error instanceof DamagedEntryError)) throw error;
      // The manager has removed the entry, if it could, and said so.
      damaged.add(error.fingerprint);
    }
  }
}

/** The entries nearest to the targets: nothing is looked up that is only needed for what is there. */
async function findEntries(
  targets: readonly PCollection<unknown>[],
  keys: ReadonlyMap<string, Fingerprint>,
  lookup: (key: string) => Promise<CacheEntry | undefined>,
): Promise<ReadonlyMap<string, CacheEntry>> {
  const entries = new Map<string, CacheEntry>();
  const open = [...targets];
  const seen = new Set<PCollection<unknown>>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const fingerprint = keys.get(next.id);
    const entry = fingerprint?.kind === 'key' ? await lookup(fingerprint.key) : undefined;
    if (entry === undefined) open.push(...allInputs(next.producer));
    else entries.set(next.id, entry);
  }
  return entries;
}

async function answer(
  targets: readonly PCollection<unknown>[],
  request: Request,
  options: RunMissingOptions,
  started: number,
): Promise<readonly Materialised[]> {
  const { entries } = request;
  const missing = [...new Set(targets.filter(({ id }) => !entries.has(id)))];
  const why = new Map(
    missing.map((target) => [target.id, explainMiss(target, request, options.environment)]),
  );
  for (const { info } of entries.values()) options.environment.keptKeys.add(info.fingerprint);
  const needed = new Set(fragment(missing, ({ id }) => entries.has(id)).transforms);
  const decisions = explainSteps(request, needed, options.environment);
  rememberParts(request, options.environment);
  const computed = missing.length === 0 ? undefined : await runMissing(missing, request, options);
  const answers: Materialised[] = [];
  for (const target of targets) {
    const entry = entries.get(target.id);
    const sink = computed?.sinks.get(target.id);
    if (entry !== undefined) {
      const kept = await readEntry(entry, options);
      answers.push({
        ...kept,
        total: entry.count,
        duration: undefined,
        origin: 'cache',
        why: unchangedSince(entry),
        notCached: undefined,
        steps: stepsFromProvenance(entry.info.provenance),
        ms: performance.now() - started,
      });
    } else if (computed !== undefined && sink !== undefined) {
      answers.push({
        values: sink.values,
        windowed: sink.windowed,
        total: sink.isComplete ? sink.count : undefined,
        duration: sink.isComplete || sink.hasEnough ? undefined : computed.duration,
        origin: 'computed',
        why: why.get(target.id) ?? '',
        notCached: computed.notCached.get(target.id),
        steps: computed.steps,
        ms: performance.now() - started,
      });
    }
  }
  rememberSteps(request, answers, options.environment);
  const steps = mergeSteps(answers.map((each) => each.steps));
  const record = { names: request.names, decisions, steps, at: Date.now() };
  for (const { outputs } of request.whole.transforms) {
    for (const output of outputs.values()) options.environment.lastRequests.set(output, record);
  }
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

/** Reads what the request keeps, and no more of the entry than that. */
async function readEntry(
  entry: CacheEntry,
  options: RunMissingOptions,
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

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new InterruptedError();
}
