import type { MapFn } from '../model/do-fn.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';
import { requireElementTimestamp } from './require-element-timestamp.ts';

/** Gives each element the timestamp that a function says; sync or async, as in a map. */
export function assignTimestampsOperator(
  spec: { readonly fn: MapFn<never, number, never>; readonly context: object },
  options: OperatorOptions,
): Operator {
  // Pipeline building has checked the function against the element type.
  const fn = spec.fn as (element: unknown, context: object) => unknown;
  const context = elementContext(spec.context, options);
  const out = mainOutput(options);
  const calls = new InOrder(options.onFailure);
  const timestampOf = (said: unknown, element: unknown) =>
    requireElementTimestamp(said, { element, transform: options.name });
  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      let result: unknown;
      try {
        result = fn(element, context.fixed ?? context.of(timestamp, windows, pane));
      } catch (cause) {
        throw userError(options, 'assignTimestamps', { cause, element });
      }
      if (!calls.isBusy && !isPromiseLike(result)) {
        return out(element, timestampOf(result, element), windows, pane);
      }
      return calls.add(async (turn) => {
        const assigned = await settled(result, options, { method: 'assignTimestamps', element });
        await turn;
        await out(element, timestampOf(assigned, element), windows, pane);
      });
    }),
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
