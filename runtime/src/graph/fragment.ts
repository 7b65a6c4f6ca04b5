import { ForeignPCollectionError } from '../errors.ts';
import { allInputs, type AppliedPTransform } from '../model/applied-ptransform.ts';
import { describeValue } from '../model/describe-value.ts';
import { PCollection } from '../model/pcollection.ts';

/** The part of a pipeline that some PCollections need. */
export interface Fragment {
  readonly targets: readonly PCollection<unknown>[];
  /** Primitives only, producers first, in the order of application. */
  readonly transforms: readonly AppliedPTransform[];
  /** Where it was cut, because these are available. */
  readonly inputs: readonly PCollection<unknown>[];
}

/**
 * Finds what `targets` need: all that is upstream of them, and nothing else; dead branches stay out.
 *
 * @param isAvailable True for a PCollection that need not be computed; nothing upstream of it is needed for its sake. A
 *   target that is available is an input and needs no transform.
 * @throws {TypeError} if a target is no PCollection.
 * @throws {ForeignPCollectionError} if the targets belong to different pipelines.
 */
export function fragment(
  targets: readonly PCollection<unknown>[],
  isAvailable: (pcollection: PCollection<unknown>) => boolean = () => false,
): Fragment {
  const transforms = new Set<AppliedPTransform>();
  const inputs = new Set<PCollection<unknown>>();
  const seen = new Set<PCollection<unknown>>();
  const open = [...targets];
  for (const target of targets) {
    requirePCollection(target);
    const [first] = targets;
    if (first !== undefined && target.pipeline !== first.pipeline) {
      throw new ForeignPCollectionError('compute these together', first.pipeline.name, target.pipeline.name);
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (isAvailable(next)) {
      inputs.add(next);
    } else {
      transforms.add(next.producer);
      open.push(...allInputs(next.producer));
    }
  }
  return {
    targets: [...new Set(targets)],
    transforms: [...transforms].sort(byApplication),
    inputs: [...inputs].sort((a, b) => byApplication(a.producer, b.producer)),
  };
}

function requirePCollection(target: unknown): void {
  if (target instanceof PCollection) return;
  const outputs =
    typeof target === 'object' && target !== null
      ? Object.entries(target).flatMap(([name, part]) => (part instanceof PCollection ? [`"${name}"`] : []))
      : [];
  throw new TypeError(
    `Cannot compute as it takes a PCollection: received ${describeValue(target)}` +
      (outputs.length === 0 ? '' : `; take one of its outputs ${outputs.join(', ')}`),
  );
}

/** Orders transforms of one pipeline as they were applied. An input's producer always comes before. */
export function byApplication(a: AppliedPTransform, b: AppliedPTransform): number {
  return applicationNumber(a) - applicationNumber(b);
}

function applicationNumber(transform: AppliedPTransform): number {
  return Number(transform.id.slice(1)); // Pipeline numbers them: "t3"
}
