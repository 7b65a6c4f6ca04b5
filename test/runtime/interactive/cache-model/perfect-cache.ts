import type { ModelPCollection, ModelStep } from './pipeline-model.ts';

/**
 * What a cache that misses nothing has, by what compute() promises: it keeps the targets of a request, and the outputs of the
 * groupings and combines that ran for it, and goes on from what is nearest to the targets.
 */
export class PerfectCache {
  readonly #kept = new Set<string>();

  has({ key }: ModelPCollection): boolean {
    return this.#kept.has(key);
  }

  /** The steps that must run for `targets`. */
  missing(targets: readonly ModelPCollection[]): ReadonlySet<ModelStep> {
    const steps = new Set<ModelStep>();
    const open = [...targets];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#kept.has(next.key) || steps.has(next.step)) continue;
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
    // A sample is not kept. Groupings are made whole all the same: they give all at once, when their input has ended.
    for (const { key, step } of targets) if (limit === undefined || step.isShuffle) this.#kept.add(key);
    for (const { isShuffle, outputKeys } of steps) {
      if (isShuffle) for (const key of outputKeys) this.#kept.add(key);
    }
  }
}
