import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';

/** Lets { key, value } pass to a grouping: its coder takes these two, and leaves what else an element has. */
export function toKVOperator(options: OperatorOptions): Operator {
  const { name } = options;
  const out = mainOutput(options);
  return {
    receive: (element, timestamp, windows, pane) => out(requireKV(element, name), timestamp, windows, pane),
  };
}

/** Passes elements on as the value coder takes them: grouped values as an array. */
export function copyOperator(options: OperatorOptions): Operator {
  const out = mainOutput(options);
  return {
    receive: (element, timestamp, windows, pane) => out(withArray(element), timestamp, windows, pane),
  };
}

/** Gives each value of a group alone, with the key. */
export function ungroupOperator(options: OperatorOptions): Operator {
  const { name, pacer } = options;
  const out = mainOutput(options);
  return {
    async receive(element, timestamp, windows, pane) {
      const { key, value: values } = requireKV(element, name);
      // What a grouping gives.
      for (const value of values as Iterable<unknown>) {
        const wait = out({ key, value }, timestamp, windows, pane) ?? pacer.pause();
        if (wait !== undefined) await wait;
      }
    },
  };
}

/** An element as the value coder takes it: a group that is fetched as it is read becomes an array. */
export function withArray(element: unknown): unknown {
  if (typeof element !== 'object' || element === null || !('key' in element) || !('value' in element)) {
    return element;
  }
  const { key, value } = element;
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return element;
  return isGroup(value) ? { key, value: [...value] } : element;
}

/** Values that are fetched as they are read: an iterable that is of no class a value coder knows. */
function isGroup(value: object): value is Iterable<unknown> {
  return Symbol.asyncIterator in value && Symbol.iterator in value;
}
