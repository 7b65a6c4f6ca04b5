import type { MapFn } from '../model/do-fn.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { ownReceiver } from './own-code.ts';
import { isPromiseLike } from './promise-like.ts';

/** What follows from what the function gave. */
type Receive = (result: unknown, ...element: Parameters<Receiver>) => void | Promise<void>;

/** The most frequent case in code of its own: the context is one for all elements, and the function is synchronous. */
const MAP = `
  let result;
  try {
    result = fn(value, fixed);
  } catch (cause) {
    throw failed(cause, value);
  }
  if (!calls.isBusy && (typeof result !== 'object' || !isPromiseLike(result))) {
    return out(result, timestamp, windows, pane);
  }
  return goOn(result, value, timestamp, windows, pane);`;

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
  const { fixed } = context;
  const failed = (cause: unknown, element: unknown) => userError(options, 'map', { cause, element });
  const goOn: Receive = (result, element, timestamp, windows, pane) => {
    if (!calls.isBusy && !isPromiseLike(result)) return out(result, timestamp, windows, pane);
    return calls.add(async (turn) => {
      const value = await settled(result, options, { method: 'map', element });
      await turn;
      await out(value, timestamp, windows, pane);
    });
  };
  const receive =
    fixed === undefined
      ? perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
          let result: unknown;
          try {
            result = fn(element, context.of(timestamp, windows, pane));
          } catch (cause) {
            throw failed(cause, element);
          }
          return goOn(result, element, timestamp, windows, pane);
        })
      : ownReceiver(MAP, { fn, fixed, failed, calls, isPromiseLike, out, goOn });
  return {
    receive,
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
