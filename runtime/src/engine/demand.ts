import type { Plan, Stage } from '../graph/plan.ts';

/**
 * Knows which stages still have to run, as sinks get enough.
 *
 * A stage is needed while one of its sinks wants more, while a stage that reads one of its shuffles or looks at one of its
 * PCollections is needed, or if it makes what must be made whole. A plan without sinks is needed as it is.
 */
export class Demand {
  readonly #satisfied = new Set<string>();
  readonly #readers = new Map<string, Stage>();
  /** By PCollection id: the stages that look at it. */
  readonly #lookers = new Map<string, Stage[]>();

  constructor(plan: Plan) {
    for (const stage of plan.stages) {
      const { input } = stage;
      if (input.kind !== 'shuffle' && input.kind !== 'held') continue;
      this.#readers.set(input.transform.id, stage);
      for (const { id } of input.transform.sideInputs.values()) {
        this.#lookers.set(id, [...(this.#lookers.get(id) ?? []), stage]);
      }
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
    const { materialised, shuffles, sides } = stage;
    if (materialised.length + shuffles.length + sides.length === 0) return true;
    if (sides.some(({ id }) => this.#lookers.get(id)?.some((looker) => this.isNeeded(looker)) === true))
      return true;
    return stage.shuffles.some(({ id }) => {
      const reader = this.#readers.get(id);
      return reader !== undefined && this.isNeeded(reader);
    });
  }
}
