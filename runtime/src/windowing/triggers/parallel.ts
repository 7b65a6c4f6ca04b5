import { earliest, type TriggerMachine } from './trigger-machine.ts';

/**
 * Fires when one of some triggers would ('any': afterFirst, orFinally), or when all would ('all': afterAll); and has finished
 * when one of those that fired has, or all have.
 */
export function parallelMachine(
  machines: readonly TriggerMachine[],
  needs: 'any' | 'all',
): TriggerMachine<readonly unknown[]> {
  const holds = (verdicts: readonly boolean[]) =>
    needs === 'any' ? verdicts.includes(true) : verdicts.every(Boolean);
  return {
    initial: machines.map(({ initial }) => initial),
    onElement: (states, context) =>
      machines.map((machine, index) => machine.onElement(states[index], context)),
    onMerge: (several, context) =>
      machines.map((machine, index) =>
        machine.onMerge(
          several.map((states) => states[index]),
          context,
        ),
      ),
    shouldFire: (states, context) =>
      holds(machines.map((machine, index) => machine.shouldFire(states[index], context))),
    fire(states, context) {
      const finished: boolean[] = [];
      const next = machines.map((machine, index) => {
        if (!machine.shouldFire(states[index], context)) return states[index];
        const { state, isFinished } = machine.fire(states[index], context);
        finished.push(isFinished);
        return state;
      });
      return { state: next, isFinished: holds(finished) };
    },
    dueAt: (states) => earliest(machines.map((machine, index) => machine.dueAt(states[index]))),
  };
}
