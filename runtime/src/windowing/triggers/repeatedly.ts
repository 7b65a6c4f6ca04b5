import type { TriggerMachine } from './trigger-machine.ts';

/** Starts a trigger over each time that it has finished. */
export function repeatedlyMachine<S>(inner: TriggerMachine<S>): TriggerMachine<S> {
  return {
    initial: inner.initial,
    onElement: (state, context) => inner.onElement(state, context),
    onMerge: (states, context) => inner.onMerge(states, context),
    shouldFire: (state, context) => inner.shouldFire(state, context),
    fire(state, context) {
      const fired = inner.fire(state, context);
      return { state: fired.isFinished ? inner.initial : fired.state, isFinished: false };
    },
    dueAt: (state) => inner.dueAt(state),
  };
}
