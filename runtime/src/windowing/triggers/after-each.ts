import type { TriggerMachine } from './trigger-machine.ts';

interface State {
  /** Which of them has its turn. */
  readonly turn: number;
  readonly inner: unknown;
}

/** Fires as each of some triggers says, one after the other, until the last has finished. */
export function afterEachMachine(machines: readonly TriggerMachine[]): TriggerMachine<State> {
  const stateAt = (turn: number): State => ({ turn, inner: machines[turn]?.initial });
  return {
    initial: stateAt(0),
    onElement(state, context) {
      const machine = machines[state.turn];
      return machine === undefined ? state : { ...state, inner: machine.onElement(state.inner, context) };
    },
    onMerge(states, context) {
      const turn = Math.max(...states.map((state) => state.turn)); // the one that is furthest
      const same = states.filter((state) => state.turn === turn).map(({ inner }) => inner);
      return { turn, inner: machines[turn]?.onMerge(same, context) };
    },
    shouldFire: ({ turn, inner }, context) => machines[turn]?.shouldFire(inner, context) ?? false,
    fire(state, context) {
      const fired = machines[state.turn]?.fire(state.inner, context);
      if (fired?.isFinished === false) return { state: { ...state, inner: fired.state }, isFinished: false };
      const turn = state.turn + 1;
      return { state: stateAt(turn), isFinished: turn >= machines.length };
    },
    dueAt: ({ turn, inner }) => machines[turn]?.dueAt(inner),
  };
}
