import type { TriggerMachine } from './trigger-machine.ts';

/** Does not fire; what is there comes out when the window is over. */
export const NEVER_MACHINE: TriggerMachine<null> = Object.freeze({
  initial: null,
  onElement: () => null,
  onMerge: () => null,
  shouldFire: () => false,
  fire: () => ({ state: null, isFinished: false }),
  dueAt: () => undefined,
});
