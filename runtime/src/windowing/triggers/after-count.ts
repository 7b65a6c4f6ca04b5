import type { TriggerMachine } from './trigger-machine.ts';

/** Fires once so many elements are there; its state is how many are. */
export function afterCountMachine(count: number): TriggerMachine<number> {
  return {
    initial: 0,
    onElement: (seen) => seen + 1,
    onMerge: (counts) => counts.reduce((sum, each) => sum + each, 0),
    shouldFire: (seen) => seen >= count,
    fire: () => ({ state: 0, isFinished: true }),
    dueAt: () => undefined,
  };
}
