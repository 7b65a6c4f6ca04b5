import type { TriggerMachine } from './trigger-machine.ts';

/** Fires with each bundle that brings elements. */
export const ALWAYS_MACHINE: TriggerMachine<null> = Object.freeze({
  initial: null,
  onElement: () => null,
  onMerge: () => null,
  shouldFire: () => true,
  fire: () => ({ state: null, isFinished: false }),
  dueAt: () => undefined,
});
