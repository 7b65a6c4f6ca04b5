import type { MapFn } from '../model/do-fn.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

/** Runs a map: one element out for each element in. */
export function mapOperator(
  spec: { readonly fn: MapFn<never, unknown, never>; readonly context: object },
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
        throw userError(options, 'map', { cause, element });
      }
      if (!calls.isBusy && !isPromiseLike(result)) return out(result, timestamp, windows, pane);
      return calls.add(async (turn) => {
        const value = await settled(result, options, { method: 'map', element });
        await turn;
        await out(value, timestamp, windows, pane);
      });
    }),
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
