import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import { isSplittable } from '../model/is-splittable.ts';
import { isStateful } from '../model/is-stateful.ts';
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
  const heads = [...inputHeads(fragment), ...producedHeads(fragment), ...heldHeads(fragment)].sort((a, b) =>
    byApplication(firstOf(a), firstOf(b)),
  );
  const sides = new Set(fragment.transforms.flatMap(({ sideInputs }) => [...sideInputs.values()]));
  const consumers = consumersOf(fragment.transforms);
  const stages = heads.map((head, index) =>
    stageFrom(head, { id: `s${index + 1}`, fragment, consumers, sides, ...options }),
  );
  return { stages, names: options.names };
}

/** A groupByKey or combinePerKey: it needs all of its input before it gives anything. */
export function isShuffle({ spec }: AppliedPTransform): boolean {
  return spec?.kind === 'groupByKey' || spec?.kind === 'combinePerKey';
}

/** A transform whose main input waits: for its side inputs, or for its turn, as timers and what is left of restrictions have. */
export function isHeld(transform: AppliedPTransform): boolean {
  return transform.sideInputs.size > 0 || isStateful(transform) || isSplittable(transform);
}

/** Where a stage ends: what follows is another one's. */
function isBoundary(transform: AppliedPTransform): boolean {
  return isShuffle(transform) || isHeld(transform);
}

function firstOf({ input, head }: Head): AppliedPTransform {
  return input.kind === 'held' ? input.transform : head.producer;
}

function heldHeads({ transforms }: Fragment): Head[] {
  return transforms.filter(isHeld).flatMap((transform): Head[] => {
    const [head] = transform.inputs;
    return head === undefined ? [] : [{ input: { kind: 'held', transform }, head }];
  });
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
    /** What others look at. */
    readonly sides: ReadonlySet<PCollection<unknown>>;
  },
): Stage {
  const { fragment, names, materialise } = context;
  const isAvailable = (pcollection: PCollection<unknown>) => fragment.inputs.includes(pcollection);
  const held = input.kind === 'held' ? input.transform : undefined;
  const fused = new Set<AppliedPTransform>(held === undefined ? [] : [held]);
  const reached: PCollection<unknown>[] = [];
  const open = held === undefined ? [head] : [...held.outputs.values()].filter((each) => !isAvailable(each));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    reached.push(next);
    for (const consumer of context.consumers.get(next) ?? []) {
      if (fused.has(consumer)) continue;
      fused.add(consumer);
      // What is available is read, by a stage of its own, although this one happens to make it as well.
      const outputs = isBoundary(consumer) ? [] : [...consumer.outputs.values()];
      open.push(...outputs.filter((output) => !isAvailable(output)));
    }
  }
  const steps = [...fused].sort(byApplication);
  const isWritten = (step: AppliedPTransform) => isBoundary(step) && step !== held;
  const consumers = new Map(reached.map((each) => [each.id, context.consumers.get(each) ?? []]));
  if (held !== undefined) consumers.set(head.id, [held]);
  return {
    id: context.id,
    name: stageName(input.kind === 'input' ? undefined : input.transform, steps, names),
    input,
    head,
    transforms: steps.filter((step) => !isWritten(step)),
    shuffles: steps.filter(isWritten),
    consumers,
    sides: reached.filter((each) => context.sides.has(each)),
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
