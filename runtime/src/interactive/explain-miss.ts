import type { CacheEntry } from '../cache/cache-manager.ts';
import { explainChange } from '../graph/explain-change.ts';
import type { Fingerprint } from '../graph/fingerprint.ts';
import { fragment, type Fragment } from '../graph/fragment.ts';
import { allInputs, type AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { InteractiveEnvironment } from './environment.ts';

interface Asked {
  readonly whole: Fragment;
  readonly names: ReadonlyMap<AppliedPTransform, string>;
  readonly keys: ReadonlyMap<string, Fingerprint>;
}

/** Says why `target` has no cache entry: the first step, from the source on, that is not as it was last time. */
export function explainMiss(
  target: PCollection<unknown>,
  { names, keys }: Asked,
  { lastParts }: InteractiveEnvironment,
): string {
  const own = keys.get(target.id);
  if (own === undefined) return 'caching is off';
  if (own.kind === 'none') return own.reason;
  const before = lastParts.get(identity(target, names));
  if (before === undefined) return 'it was never computed before';
  for (const transform of fragment([target]).transforms) {
    for (const output of transform.outputs.values()) {
      const now = keys.get(output.id);
      const known = lastParts.get(identity(output, names));
      if (now?.kind !== 'key' || known === undefined) continue;
      const [parts, partsBefore] = [withoutInputs(now.parts), withoutInputs(known)];
      if (isSame(parts, partsBefore)) continue;
      return `"${names.get(transform) ?? transform.label}": ${explainChange(partsBefore, parts)}`;
    }
  }
  // Where no step changed but the inputs did, another PCollection had the name.
  return isSame(own.parts, before) ? 'it is no longer in the cache' : 'it was never computed before';
}

/** Why a step was or was not run at a request. */
export interface StepDecision {
  /** `skipped` is a step whose elements nobody needed, as what follows it came from the cache. */
  readonly origin: 'computed' | 'cache' | 'skipped';
  /** As a part of a sentence: `value "factor" changed`. */
  readonly why: string;
  /** Of `cache`: milliseconds that the run took which made the entry. */
  readonly costMs?: number;
}

/** How a step compares with what it was at the request before. */
type Change = { readonly kind: 'same' | 'new' } | { readonly kind: 'changed'; readonly what: string };

/**
 * Says of each step of a request why it is run, or is not; to be asked before `rememberParts`.
 *
 * @param needed The steps that run.
 */
export function explainSteps(
  { whole, names, keys, entries }: Asked & { readonly entries: ReadonlyMap<string, CacheEntry> },
  needed: ReadonlySet<AppliedPTransform>,
  { lastParts, keptKeys }: InteractiveEnvironment,
): ReadonlyMap<AppliedPTransform, StepDecision> {
  const decisions = new Map<AppliedPTransform, StepDecision>();
  const changes = new Map<AppliedPTransform, Change>();
  for (const transform of whole.transforms) {
    const outputs = [...transform.outputs.values()];
    const [output] = outputs;
    const own = output && keys.get(output.id);
    const before = output && lastParts.get(identity(output, names));
    const change = own?.kind === 'key' ? changeOf(own.parts, before) : undefined;
    if (change !== undefined) changes.set(transform, change);
    const [entry, ...others] = outputs.flatMap(({ id }) => entries.get(id) ?? []);
    const whyComputed = (): string => {
      if (own === undefined) return 'caching is off';
      if (own.kind === 'none') return own.reason;
      if (change?.kind === 'changed') return change.what;
      if (before === undefined) return 'it was never computed before';
      if (!isSame(own.parts, before)) return whyInputs(transform, names, changes);
      return keptKeys.has(own.key)
        ? 'it is no longer in the cache'
        : 'nothing changed, but its elements were not kept: those are that were asked for whole, or that groupings make';
    };
    if (needed.has(transform)) {
      decisions.set(transform, { origin: 'computed', why: whyComputed() });
    } else if (entry !== undefined) {
      const costMs = Math.max(entry.info.costMs, ...others.map(({ info }) => info.costMs));
      decisions.set(transform, { origin: 'cache', why: unchangedSince(entry), costMs });
    } else {
      decisions.set(transform, { origin: 'skipped', why: 'what follows it came from the cache' });
    }
  }
  return decisions;
}

/** Why what hits the cache does. */
export function unchangedSince({ info }: CacheEntry): string {
  return `nothing that makes it changed since ${new Date(info.createdAt).toLocaleString()}`;
}

function changeOf(now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string> | undefined): Change {
  if (before === undefined) return { kind: 'new' };
  const [parts, partsBefore] = [withoutInputs(now), withoutInputs(before)];
  return isSame(parts, partsBefore)
    ? { kind: 'same' }
    : { kind: 'changed', what: explainChange(partsBefore, parts) };
}

/** The nearest changed step upstream, of the first input that has one; where there is none, another step had the name. */
function whyInputs(
  transform: AppliedPTransform,
  names: ReadonlyMap<AppliedPTransform, string>,
  changes: ReadonlyMap<AppliedPTransform, Change>,
): string {
  const open = allInputs(transform).map(({ producer }) => producer);
  const seen = new Set(open);
  for (const producer of open) {
    const change = changes.get(producer);
    const name = names.get(producer) ?? producer.label;
    if (change?.kind === 'changed') return `it follows "${name}": ${change.what}`;
    if (change?.kind === 'new') return `it follows "${name}", which is new`;
    for (const { producer: next } of allInputs(producer)) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return 'it was never computed before';
}

/** Remembers how everything asked for was made, for the next explanation. */
export function rememberParts({ whole, names, keys }: Asked, { lastParts }: InteractiveEnvironment): void {
  for (const transform of whole.transforms) {
    for (const output of transform.outputs.values()) {
      const fingerprint = keys.get(output.id);
      if (fingerprint?.kind === 'key') lastParts.set(identity(output, names), fingerprint.parts);
    }
  }
}

function identity(pcollection: PCollection<unknown>, names: ReadonlyMap<AppliedPTransform, string>): string {
  return JSON.stringify([pcollection.pipeline.name, names.get(pcollection.producer), pcollection.tag]);
}

/** A change upstream shows up at the step where it was made. */
function withoutInputs(parts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...parts].filter(([name]) => !name.startsWith('input')));
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, hash]) => b.get(name) === hash);
}
