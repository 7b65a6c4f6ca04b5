import type { Timestamp } from '../../model/timestamp.ts';
import type { Trigger } from '../../model/trigger.ts';
import { earliest, type TriggerMachine } from './trigger-machine.ts';

/** When it is due; undefined until the first element comes. */
type State = Timestamp | undefined;

/** Fires once, some time after the first element of the pane; windows that merge keep the earliest such time. */
export function afterProcessingTimeMachine({
  delay,
  alignTo,
}: Extract<Trigger, { readonly kind: 'afterProcessingTime' }>): TriggerMachine<State> {
  const dueAfter = (first: Timestamp) => {
    const due = first + delay;
    if (alignTo === undefined) return due;
    const { period, offset } = alignTo;
    return Math.ceil((due - offset) / period) * period + offset;
  };
  return {
    initial: undefined,
    onElement: (due, { processingTime }) => due ?? dueAfter(processingTime),
    onMerge: earliest,
    shouldFire: (due, { processingTime }) => due !== undefined && due <= processingTime,
    fire: () => ({ state: undefined, isFinished: true }),
    dueAt: (due) => due,
  };
}
