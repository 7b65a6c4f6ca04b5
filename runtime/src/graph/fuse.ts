import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import { byApplication, type Fragment } from './fragment.ts';
import type { Plan, Stage, StageInput } from './plan.ts';

/** What fuse needs beside the fragment. */
export interface FuseOptions {
  /** PCollections that have a sink. */
  readonly materialise: ReadonlySet<PCollection<unknown>>;
  /** From fullNames. */
  readonly names: ReadonlyMap<AppliedPTransform, string>;
}

/** Where a stage starts. */
interface Head {
  readonly input: StageInput;
  readonly head: PCollection<unknown>;
}

/**
 * Fuses a fragment to stages: each starts at a root, at a shuffle's output or at an available PCollection, and takes in
 * all that follows up to the next shuffles.
 *
 * A PCollection that has several producers by way of a flatten is in as many stages. Cost: stages × transforms.
 *
 * @see "FlumeJava: Easy, Efficient Data-Parallel Pipelines", PLDI 2010, section 4: producer-consumer fusion, sinking flattens.
 */
export function fuse(fragment: Fragment, options: FuseOptions): Plan {
  const heads = [...inputHeads(fragment), ...producedHeads(fragment)].sort((a, b) =>
    byApplication(a.head.producer, b.head.producer),
  );
  const consumers = consumersOf(fragment.transforms);
  const stages = heads.map((head, index) =>
    stageFrom(head, { id: `s${index + 1}`, fragment, consumers, ...options }),
  );
  return { stages, names: options.names };
}

/** A groupByKey or combinePerKey: it needs all of its input before it gives anything. */
export function isShuffle({ spec }: AppliedPTransform): boolean {
  return spec?.kind === 'groupByKey' || spec?.kind === 'combinePerKey';
}

function inputHeads({ inputs }: Fragment): Head[] {
  return inputs.map((head) => ({ input: { kind: 'input' }, head }));
}

function producedHeads({ transforms, inputs }: Fragment): Head[] {
  return transforms.flatMap((transform): Head[] => {
    const kind = isShuffle(transform) ? 'shuffle' : transform.inputs.length === 0 ? 'root' : undefined;
    const head = transform.outputs.get('main');
    if (kind === undefined || head === undefined || inputs.includes(head)) return [];
    return [{ input: { kind, transform }, head }];
  });
}

function consumersOf(
  transforms: readonly AppliedPTransform[],
): ReadonlyMap<PCollection<unknown>, readonly AppliedPTransform[]> {
  const consumers = new Map<PCollection<unknown>, AppliedPTransform[]>();
  for (const transform of transforms) {
    for (const input of transform.inputs) {
      const known = consumers.get(input);
      if (known === undefined) consumers.set(input, [transform]);
      else known.push(transform);
    }
  }
  return consumers;
}

function stageFrom(
  { input, head }: Head,
  context: FuseOptions & {
    readonly id: string;
    readonly fragment: Fragment;
    readonly consumers: ReadonlyMap<PCollection<unknown>, readonly AppliedPTransform[]>;
  },
): Stage {
  const { fragment, names, materialise } = context;
  const fused = new Set<AppliedPTransform>();
  const reached: PCollection<unknown>[] = [];
  const open = [head];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    reached.push(next);
    for (const consumer of context.consumers.get(next) ?? []) {
      if (fused.has(consumer)) continue;
      fused.add(consumer);
      // What is available is read, by a stage of its own, although this one happens to make it as well.
      const outputs = isShuffle(consumer) ? [] : [...consumer.outputs.values()];
      open.push(...outputs.filter((output) => !fragment.inputs.includes(output)));
    }
  }
  const steps = [...fused].sort(byApplication);
  const transforms = steps.filter((step) => !isShuffle(step));
  return {
    id: context.id,
    name: stageName(input.kind === 'input' ? undefined : input.transform, steps, names),
    input,
    head,
    transforms,
    shuffles: steps.filter(isShuffle),
    consumers: new Map(reached.map((each) => [each.id, context.consumers.get(each) ?? []])),
    materialised: reached.filter((each) => materialise.has(each)),
    unlimited: new Set(reached.filter((each) => isUnlimited(each, context)).map(({ id }) => id)),
  };
}

function isUnlimited(
  pcollection: PCollection<unknown>,
  { fragment, materialise }: FuseOptions & { readonly fragment: Fragment },
): boolean {
  const { spec } = pcollection.producer;
  const isMadeHere = !fragment.inputs.includes(pcollection);
  return (
    (isMadeHere && spec?.kind === 'parDo' && spec.hasEffects === true) ||
    (fragment.targets.includes(pcollection) && !materialise.has(pcollection))
  );
}

function stageName(
  root: AppliedPTransform | undefined,
  steps: readonly AppliedPTransform[],
  names: ReadonlyMap<AppliedPTransform, string>,
): string {
  const [first, last] = [root ?? steps[0], steps.at(-1) ?? root].map((step) =>
    step === undefined ? '' : (names.get(step) ?? step.label),
  );
  return first === last ? (first ?? '') : `${first ?? ''} → ${last ?? ''}`;
}
