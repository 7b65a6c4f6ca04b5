import { explainChange } from '../graph/explain-change.ts';
import type { Fingerprint } from '../graph/fingerprint.ts';
import type { Fragment } from '../graph/fragment.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
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
  { whole, names, keys }: Asked,
  { lastParts }: InteractiveEnvironment,
): string {
  const own = keys.get(target.id);
  if (own === undefined) return 'caching is off';
  if (own.kind === 'none') return own.reason;
  const before = lastParts.get(identity(target, names));
  if (before === undefined) return 'it was never computed before';
  for (const transform of whole.transforms) {
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
