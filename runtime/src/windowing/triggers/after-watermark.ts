import { isPastEnd } from './is-past-end.ts';
import { NEVER_MACHINE } from './never.ts';
import { repeatedlyMachine } from './repeatedly.ts';
import type { TriggerMachine } from './trigger-machine.ts';

interface State {
  /** True once it has fired for the window's end. */
  readonly isLate: boolean;
  /** Of the early trigger, then of the late one. */
  readonly inner: unknown;
}

/** Fires once the watermark passes the window's end; before that as `early` says, after it as `late` says. */
export function afterWatermarkMachine({
  early = NEVER_MACHINE,
  late,
}: {
  readonly early?: TriggerMachine | undefined;
  readonly late?: TriggerMachine | undefined;
}): TriggerMachine<State> {
  const before = repeatedlyMachine(early);
  const after = repeatedlyMachine(late ?? NEVER_MACHINE);
  const machineOf = ({ isLate }: State) => (isLate ? after : before);
  return {
    initial: { isLate: false, inner: before.initial },
    onElement: (state, context) => ({
      ...state,
      inner: machineOf(state).onElement(state.inner, context),
    }),
    onMerge(states, context) {
      // A session that has grown past the watermark has its on-time pane still before it.
      const isLate = states.every((state) => state.isLate) && isPastEnd(context);
      const same = states.filter((state) => state.isLate === isLate).map(({ inner }) => inner);
      const machine = isLate ? after : before;
      return { isLate, inner: same.length === 0 ? machine.initial : machine.onMerge(same, context) };
    },
    shouldFire(state, context) {
      if (!state.isLate && isPastEnd(context)) return true;
      return machineOf(state).shouldFire(state.inner, context);
    },
    fire(state, context) {
      if (!state.isLate && isPastEnd(context)) {
        return { state: { isLate: true, inner: after.initial }, isFinished: late === undefined };
      }
      const { state: inner } = machineOf(state).fire(state.inner, context);
      return { state: { ...state, inner }, isFinished: false };
    },
    dueAt: (state) => machineOf(state).dueAt(state.inner),
  };
}
