import type { DelayedBundleApplication } from '../../../../proto/fn-api.ts';
import type { ElementSplit, RunningStep } from './running-step.ts';

/** The splittable steps of a bundle descriptor, and what they hand back to the runner. */
export class SplittableSteps {
  readonly #steps: RunningStep[] = [];
  #roots: DelayedBundleApplication[] = [];

  add(step: RunningStep): void {
    this.#steps.push(step);
  }

  /** A bundle begins: nothing was handed back yet. */
  begin(): void {
    this.#roots = [];
  }

  /** The runner has asked for a split of the bundle under way. */
  hurry(): void {
    for (const step of this.#steps) step.hurry();
  }

  handBack(root: DelayedBundleApplication): void {
    this.#roots.push(root);
  }

  /** All that was handed back. */
  take(): DelayedBundleApplication[] {
    return this.#roots.splice(0);
  }

  /** The element under way, where it can be split: of a descriptor with one splittable step, which takes what comes from the source. */
  get elementUnderWay():
    | {
        readonly fractionDone: number;
        readonly split: (fractionOfRemainder: number) => ElementSplit | undefined;
      }
    | undefined {
    const [step, ...others] = this.#steps;
    const fractionDone = others.length === 0 ? step?.fractionDone : undefined;
    if (step === undefined || fractionDone === undefined) return undefined;
    return { fractionDone, split: (fractionOfRemainder) => step.split(fractionOfRemainder) };
  }
}
