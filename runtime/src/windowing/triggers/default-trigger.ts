import { isPastEnd } from './is-past-end.ts';
import type { TriggerMachine } from './trigger-machine.ts';

/** Fires once the watermark passes the window's end, and with each bundle of late elements. */
export const DEFAULT_MACHINE: TriggerMachine<null> = Object.freeze({
  initial: null,
  onElement: () => null,
  onMerge: () => null,
  shouldFire: (_state: null, context) => isPastEnd(context),
  fire: () => ({ state: null, isFinished: false }),
  dueAt: () => undefined,
} satisfies TriggerMachine<null>);
