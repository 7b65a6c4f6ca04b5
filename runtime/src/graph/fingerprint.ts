import { createHash } from 'node:crypto';
import { UndigestibleError } from '../errors.ts';
import type { AppliedPTransform, PrimitiveSpec } from '../model/applied-ptransform.ts';
import { isEndless } from '../model/is-splittable.ts';
import type { Fragment } from './fragment.ts';

/** What a digest tells of a value; `capture/digest` makes them. */
interface ValueDigest {
  readonly key: string;
  readonly parts: ReadonlyMap<string, string>;
}

/**
 * How a PCollection is made, as a cache key: two with the same key have the same elements.
 *
 * `none` is a PCollection that cannot be answered from a cache, and says why; nor can any that is made from it.
 */
export type Fingerprint =
  | {
      readonly kind: 'key';
      readonly key: string;
      /** Hashes of what went into the key, by a name that a person understands, to say what changed. */
      readonly parts: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'none'; readonly reason: string };

/** Part of every key: another one when keys are made in another way, so that no old entry is found. */
const FORMAT = 'millrace fingerprint 2';

/** The parameters of a primitive as named digests. */
type Described = { readonly kind: 'parts'; readonly parts: Map<string, string> } | Fingerprint;

/**
 * The fingerprints of all PCollections of a fragment, by their ids.
 *
 * Names are no part of a key, nor are ids: the same steps in another cell, or under other names, have the same key.
 * The inputs at which the fragment was cut have no fingerprint here; what is made from them has kind `none`.
 *
 * @param options.digest Tells values apart; throws UndigestibleError where it cannot. Called once for each value.
 * @param options.names Full names, for the reasons.
 * @throws {PipelineError} what a source's fingerprint throws: a file that is not there.
 */
export async function fingerprints(
  fragment: Fragment,
  options: {
    readonly digest: (value: unknown) => ValueDigest;
    readonly names: ReadonlyMap<AppliedPTransform, string>;
  },
): Promise<ReadonlyMap<string, Fingerprint>> {
  const digest = digestOnce(options.digest);
  const found = new Map<string, Fingerprint>();
  for (const transform of fragment.transforms) {
    const name = options.names.get(transform) ?? transform.label;
    const step = await stepFingerprint(transform, { name, digest, found });
    for (const [tag, { id }] of transform.outputs) {
      found.set(id, step.kind === 'none' ? step : { ...step, key: combine([step.key, tag]) });
    }
  }
  return found;
}

interface StepContext {
  readonly name: string;
  readonly digest: (value: unknown) => ValueDigest;
  readonly found: ReadonlyMap<string, Fingerprint>;
}

async function stepFingerprint(transform: AppliedPTransform, context: StepContext): Promise<Fingerprint> {
  const { name, found } = context;
  const parts = new Map<string, string>();
  for (const [index, input] of transform.inputs.entries()) {
    const fingerprint = found.get(input.id);
    if (fingerprint === undefined)
      return { kind: 'none', reason: `an input of "${name}" has no fingerprint` };
    if (fingerprint.kind === 'none') return fingerprint;
    parts.set(transform.inputs.length === 1 ? 'input' : `input ${index + 1}`, fingerprint.key);
  }
  for (const [side, { id }] of transform.sideInputs) {
    const fingerprint = found.get(id);
    if (fingerprint === undefined)
      return { kind: 'none', reason: `the side input "${side}" of "${name}" has no fingerprint` };
    if (fingerprint.kind === 'none') return fingerprint;
    parts.set(`side input ${side}`, fingerprint.key);
  }
  if (transform.spec === undefined)
    throw new TypeError(`Cannot fingerprint "${name}" as it must be a primitive`);
  let described: Described;
  try {
    described = await describe(transform.spec, context);
  } catch (error) {
    if (!(error instanceof UndigestibleError)) throw error;
    return { kind: 'none', reason: `in "${name}", ${error.path} ${error.reason}` };
  }
  if (described.kind !== 'parts') return described;
  for (const [part, hash] of described.parts) parts.set(part, hash);
  return { kind: 'key', key: combine([FORMAT, transform.spec.kind, ...[...parts].flat()]), parts };
}

/** The parameters of one primitive. Each kind says what its elements depend on, and nothing else does. */
async function describe(spec: PrimitiveSpec, { name, digest }: StepContext): Promise<Described> {
  switch (spec.kind) {
    case 'create':
    case 'createWindowed':
      return described({ elements: digest(spec.elements) });
    case 'read':
      return {
        kind: 'parts',
        parts: new Map([['source files', combine([await spec.source.fingerprint()])]]),
      };
    case 'readUnbounded':
      if (!spec.isBounded) return { kind: 'none', reason: `"${name}" need not end, so it runs every time` };
      if (!spec.isDeterministic)
        return { kind: 'none', reason: `"${name}" reads the clock, so it runs every time` };
      return described({ source: digest(spec.source) });
    case 'testStream':
      return described({ events: digest(spec.events) });
    case 'windowInto':
      return described({ windowing: digest(spec.windowing) });
    case 'map':
      return described({
        '': digest(spec.fn),
        context: digest(spec.context),
        ...(spec.windowing && { windowing: digest(spec.windowing) }),
      });
    case 'flatMap':
    case 'filter':
    case 'assignTimestamps':
      return described({ '': digest(spec.fn), context: digest(spec.context) });
    case 'parDo':
      if (isEndless(spec)) return { kind: 'none', reason: `"${name}" need not end, so it runs every time` };
      if (spec.hasEffects) return { kind: 'none', reason: `"${name}" writes, so it runs every time` };
      return described({ '': digest(spec.doFn), context: digest(spec.context), tags: digest(spec.tags) });
    case 'combinePerKey':
      return described({ '': digest(spec.fn) });
    case 'groupByKey':
    case 'flatten':
      return described({});
    case 'reshuffle':
      return described({ isPerKey: digest(spec.isPerKey) });
  }
}

/** Joins digests: the parts of the one without a name keep their names, the others get theirs in front. */
function described(digests: Record<string, ValueDigest>): Described {
  const parts = new Map<string, string>();
  for (const [prefix, { parts: own }] of Object.entries(digests)) {
    for (const [name, hash] of own) {
      // What is not a function itself (a DoFn, a context) is told by the fields that it holds.
      if (name === 'value') parts.set(prefix === '' ? 'fields' : prefix, hash);
      else parts.set(prefix === '' ? name : `${prefix} ${name}`, hash);
    }
  }
  return { kind: 'parts', parts };
}

/** Asks for the digest of each object once, however many steps share it. */
function digestOnce(digest: (value: unknown) => ValueDigest): (value: unknown) => ValueDigest {
  const known = new Map<unknown, ValueDigest>();
  return (value) => {
    const digested = known.get(value) ?? digest(value);
    known.set(value, digested);
    return digested;
  };
}

function combine(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
