import type { Plan, Stage } from '../../graph/plan.ts';
import type { PCollection } from '../../model/pcollection.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SideInputStore } from './side-input-store.ts';

/** All side inputs of a plan: which stages make them, and who waits for them. */
export class SideInputs {
  readonly #stages: readonly Stage[];
  /** By PCollection id. */
  readonly #stores = new Map<string, SideInputStore>();

  constructor(
    { stages, names }: Plan,
    {
      outputOf,
      memory,
    }: {
      /** The output watermark of a stage, by its place in the plan. */
      readonly outputOf: (stage: number) => Timestamp;
      readonly memory: RunMemory;
    },
  ) {
    this.#stages = stages;
    const asked = stages.flatMap(({ transforms }) => transforms.flatMap(sidesOf));
    for (const pcollection of new Set(asked)) {
      const makers = this.#makersOf(pcollection);
      const { producer } = pcollection;
      const name = names.get(producer) ?? producer.label;
      const watermark = () => Math.min(...makers.map(outputOf), Infinity);
      this.#stores.set(
        pcollection.id,
        new SideInputStore(pcollection.windowing, { watermark, memory, name }),
      );
    }
  }

  /** @throws {RangeError} if no transform of the plan looks at it. */
  of({ id }: PCollection<unknown>): SideInputStore {
    const store = this.#stores.get(id);
    if (store !== undefined) return store;
    throw new RangeError(`Cannot look at ${id} as a transform of the plan must ask for it: received none`);
  }

  /**
   * The stages that had better end before one runs, as all that it makes waits for them: makers of side inputs that end by
   * themselves, and are not made of what the stage makes.
   *
   * @param upstream Of each stage.
   */
  before(stage: number, upstream: readonly (readonly number[])[]): readonly number[] {
    const { shuffles } = this.#stages[stage] ?? { shuffles: [] };
    const makers = shuffles
      .flatMap(sidesOf)
      .filter(({ isBounded }) => isBounded)
      .flatMap((side) => this.#makersOf(side));
    return [...new Set(makers)].filter((maker) => !this.#needs(maker, stage, upstream));
  }

  close(): void {
    for (const store of this.#stores.values()) store.close();
  }

  /** Whether a stage cannot end before another one does. */
  #needs(
    stage: number,
    other: number,
    upstream: readonly (readonly number[])[],
    seen = new Set<number>(),
  ): boolean {
    if (stage === other) return true;
    if (seen.has(stage)) return false;
    seen.add(stage);
    const { shuffles = [], transforms = [] } = this.#stages[stage] ?? {};
    const makers = [...shuffles, ...transforms].flatMap(sidesOf).flatMap((side) => this.#makersOf(side));
    return [...(upstream[stage] ?? []), ...makers].some((next) => this.#needs(next, other, upstream, seen));
  }

  #makersOf(pcollection: PCollection<unknown>): number[] {
    return [...this.#stages.entries()].flatMap(([index, { sides }]) =>
      sides.includes(pcollection) ? [index] : [],
    );
  }
}

function sidesOf({
  sideInputs,
}: {
  readonly sideInputs: ReadonlyMap<string, PCollection<unknown>>;
}): readonly PCollection<unknown>[] {
  return [...sideInputs.values()];
}
