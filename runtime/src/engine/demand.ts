import type { Plan, Stage } from '../graph/plan.ts';

/**
 * Knows which stages still have to run, as sinks get enough.
 *
 * A stage is needed while one of its sinks wants more, while a stage that reads one of its shuffles is needed, or if it
 * makes what must be made whole. A plan without sinks is needed as it is.
 */
export class Demand {
  readonly #satisfied = new Set<string>();
  readonly #readers = new Map<string, Stage>();

  constructor(plan: Plan) {
    for (const stage of plan.stages) {
      if (stage.input.kind === 'shuffle') this.#readers.set(stage.input.transform.id, stage);
    }
  }

  /** A sink wants no more. */
  satisfy(pcollection: string): void {
    this.#satisfied.add(pcollection);
  }

  isSatisfied(pcollection: string): boolean {
    return this.#satisfied.has(pcollection);
  }

  isNeeded(stage: Stage): boolean {
    if (stage.unlimited.size > 0) return true;
    if (stage.materialised.some(({ id }) => !this.#satisfied.has(id))) return true;
    if (stage.materialised.length === 0 && stage.shuffles.length === 0) return true;
    return stage.shuffles.some(({ id }) => {
      const reader = this.#readers.get(id);
      return reader !== undefined && this.isNeeded(reader);
    });
  }
}
