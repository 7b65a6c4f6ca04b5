import type { CacheEntry } from '../cache/cache-manager.ts';
import { NotCacheableError } from '../cache/errors.ts';
import { digestValue } from '../capture/digest.ts';
import { run, type ElementSource, type RunProgress } from '../engine/run.ts';
import { fingerprints, type Fingerprint } from '../graph/fingerprint.ts';
import { fragment, type Fragment } from '../graph/fragment.ts';
import { fuse, isShuffle } from '../graph/fuse.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { InteractiveEnvironment } from './environment.ts';
import { memoryOptions } from './options.ts';
import { runDuration } from './run-duration.ts';
import { asCached, mergeSteps, stepsFromProvenance, stepsOf, type Steps } from './steps.ts';
import { TargetSink, type Keep } from './target-sink.ts';

/** A request with all that the cache has for it. */
export interface Request {
  /** What makes the targets, from the roots on. */
  readonly whole: Fragment;
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  /** By PCollection id; empty if caching is off. */
  readonly keys: ReadonlyMap<string, Fingerprint>;
  /** By PCollection id: where the fragment may be cut. */
  readonly entries: ReadonlyMap<string, CacheEntry>;
}

/** What runMissing takes. */
export interface RunMissingOptions extends Keep {
  readonly environment: InteractiveEnvironment;
  /** Ends sources that need not end after so many milliseconds; the option recordingDuration, if undefined. */
  readonly duration?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** What a run left. */
export interface RunMissingResult {
  /** By PCollection id: what it keeps of the targets. */
  readonly sinks: ReadonlyMap<string, TargetSink>;
  readonly steps: Steps;
  /** By PCollection id: why there is no cache entry. */
  readonly notCached: ReadonlyMap<string, string>;
  /** Milliseconds after which sources were ended that had not ended by themselves; undefined if none were to be. */
  readonly duration: number | undefined;
}

/** Runs what `missing` needs beside what is in the cache, and commits what came out whole. */
export async function runMissing(
  missing: readonly PCollection<unknown>[],
  request: Request,
  options: RunMissingOptions,
): Promise<RunMissingResult> {
  const { names, entries } = request;
  const needed = fragment(missing, ({ id }) => entries.has(id));
  const notCached = new Map<string, string>();
  const sinks = await openSinks(needed, request, options, notCached);
  const { environment, signal, onProgress } = options;
  const forget = [...sinks.values()].flatMap(({ writer }) =>
    writer ? [environment.track(writer, signal)] : [],
  );
  const began = performance.now();
  try {
    const plan = fuse(needed, { materialise: new Set(sinks.keys()), names });
    const inputs = new Map<string, ElementSource>(
      needed.inputs.flatMap(({ id }) => {
        const entry = entries.get(id);
        return entry === undefined ? [] : [[id, entry]];
      }),
    );
    const byId = new Map([...sinks].map(([{ id }, sink]) => [id, sink]));
    const duration = runDuration(needed, options);
    const result = await run(plan, {
      inputs,
      sinks: byId,
      signal,
      duration,
      ...memoryOptions(environment.options),
      ...(onProgress && { onProgress }),
    });
    const upstream = needed.inputs.map(({ id }) => stepsFromProvenance(entries.get(id)?.info.provenance));
    const steps = mergeSteps([...upstream, stepsOf(needed, result, names)]);
    const costMs = performance.now() - began;
    const isTorn = await didSourcesChange(needed, request);
    for (const [pcollection, { writer, isComplete }] of sinks) {
      if (writer === undefined || !isComplete) continue;
      const name = names.get(pcollection.producer) ?? pcollection.producer.label;
      try {
        if (isTorn) notCached.set(pcollection.id, 'an input file changed while it was read');
        else {
          const { info } = await writer.commit({ name, costMs, provenance: { steps: asCached(steps) } });
          environment.keptKeys.add(info.fingerprint);
        }
      } catch (error) {
        // Elements that no file can hold, or a full disk: the answer is right all the same.
        if (!(error instanceof NotCacheableError)) throw error;
        notCached.set(pcollection.id, error.reason);
      }
    }
    return { sinks: byId, steps, notCached, duration };
  } finally {
    for (const { writer } of sinks.values()) await writer?.abort();
    for (const done of forget) done();
  }
}

/** A sink for each target, and for each output of a shuffle that the cache can hold. */
async function openSinks(
  needed: Fragment,
  { keys }: Request,
  options: RunMissingOptions,
  notCached: Map<string, string>,
): Promise<ReadonlyMap<PCollection<unknown>, TargetSink>> {
  const cache = options.environment.cache();
  const targets = new Set(needed.targets);
  const shuffled = needed.transforms.filter(isShuffle).flatMap(({ outputs }) => [...outputs.values()]);
  const sinks = new Map<PCollection<unknown>, TargetSink>();
  for (const pcollection of new Set([...targets, ...shuffled])) {
    const isTarget = targets.has(pcollection);
    const keep = isTarget ? keepOf(pcollection, options) : { elements: 0, windowInfo: false };
    const fingerprint = keys.get(pcollection.id);
    if (fingerprint?.kind === 'none') notCached.set(pcollection.id, fingerprint.reason);
    const isCacheable = cache !== undefined && fingerprint?.kind === 'key' && keep.limit === undefined;
    const writer = isCacheable ? await cache.create(fingerprint.key) : undefined;
    if (isTarget || writer !== undefined) sinks.set(pcollection, new TargetSink(keep, writer));
  }
  return sinks;
}

/**
 * What comes out of a shuffle is all there at once, if its input ends: stopping it early would save nothing and lose the
 * entry.
 */
function keepOf({ producer, isBounded }: PCollection<unknown>, { elements, windowInfo, limit }: Keep): Keep {
  if (limit === undefined || !isBounded || !isShuffle(producer)) return { elements, windowInfo, limit };
  return { elements: Math.min(elements, limit), windowInfo };
}

/**
 * True if a file that was read is not as it was when the keys were made: what came out belongs to neither of its
 * fingerprints.
 */
async function didSourcesChange({ transforms }: Fragment, { keys, names }: Request): Promise<boolean> {
  const read = transforms
    .filter(({ spec }) => spec?.kind === 'read')
    .flatMap(({ outputs }) => [...outputs.values()]);
  if (keys.size === 0 || read.length === 0) return false;
  const now = await fingerprints(fragment(read), { digest: digestValue, names });
  return read.some(({ id }) => keyOf(now.get(id)) !== keyOf(keys.get(id)));
}

function keyOf(fingerprint: Fingerprint | undefined): string | undefined {
  return fingerprint?.kind === 'key' ? fingerprint.key : undefined;
}
