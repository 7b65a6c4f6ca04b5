import type { ModelPCollection, ModelStep } from './pipeline-model.ts';

/**
 * What a cache that misses nothing has, by what compute() promises: it keeps the targets of a request, and the outputs of the
 * groupings and combines that ran for it, and goes on from what is nearest to the targets.
 */
export class PerfectCache {
  readonly #kept = new Set<string>();
  /** What a run that was ended early may have kept: groupings that were through already. */
  readonly #maybe = new Set<string>();

  has({ key }: ModelPCollection): boolean {
    return this.#kept.has(key);
  }

  /** The steps that must run for `targets`; with `maybe`, those that must run even if all is kept that may be. */
  missing(
    targets: readonly ModelPCollection[],
    { maybe }: { readonly maybe: boolean },
  ): ReadonlySet<ModelStep> {
    const steps = new Set<ModelStep>();
    const open = [...targets];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#kept.has(next.key) || (maybe && this.#maybe.has(next.key)) || steps.has(next.step)) continue;
      steps.add(next.step);
      open.push(...next.step.inputs);
    }
    return steps;
  }

  /** A request that `steps` ran for was answered. */
  answered(
    targets: readonly ModelPCollection[],
    { steps, limit }: { readonly steps: ReadonlySet<ModelStep>; readonly limit: number | undefined },
  ): void {
    // A grouping gives all at once: where it is what was asked for, it is not ended early.
    const isWhole = limit === undefined || targets.every(({ step }) => step.isShuffle);
    if (isWhole) for (const { key } of targets) this.#kept.add(key);
    const kept = isWhole ? this.#kept : this.#maybe;
    for (const step of steps) {
      if (step.isShuffle) for (const key of step.outputKeys) kept.add(key);
    }
  }
}
