import type { FilterFn } from '../model/do-fn.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

/** Runs a filter: passes the elements for which the function is truthy. */
export function filterOperator(
  spec: { readonly fn: FilterFn<never, never>; readonly context: object },
  options: OperatorOptions,
): Operator {
  // Pipeline building has checked the function against the element type.
  const fn = spec.fn as (element: unknown, context: object) => unknown;
  const context = elementContext(spec.context, options);
  const out = mainOutput(options);
  const calls = new InOrder(options.onFailure);
  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      let result: unknown;
      try {
        result = fn(element, context.fixed ?? context.of(timestamp, windows, pane));
      } catch (cause) {
        throw userError(options, 'filter', { cause, element });
      }
      if (!calls.isBusy && !isPromiseLike(result)) {
        return result ? out(element, timestamp, windows, pane) : undefined;
      }
      return calls.add(async (turn) => {
        const isKept = Boolean(await settled(result, options, { method: 'filter', element }));
        await turn;
        if (isKept) await out(element, timestamp, windows, pane);
      });
    }),
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
