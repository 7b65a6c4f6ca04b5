import type { FilterFn } from '../model/do-fn.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { ownReceiver } from './own-code.ts';
import { isPromiseLike } from './promise-like.ts';

/** The most frequent case in code of its own: the context is one for all elements, and the function gives a boolean. */
const FILTER = `
  let result;
  try {
    result = fn(value, fixed);
  } catch (cause) {
    throw failed(cause, value);
  }
  if (typeof result === 'boolean' && !calls.isBusy) {
    return result ? out(value, timestamp, windows, pane) : undefined;
  }
  return goOn(result, value, timestamp, windows, pane);`;

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
  const { fixed } = context;
  const failed = (cause: unknown, element: unknown) => userError(options, 'filter', { cause, element });
  const goOn = (result: unknown, ...[element, timestamp, windows, pane]: Parameters<Receiver>) => {
    if (!calls.isBusy && !isPromiseLike(result)) {
      return result ? out(element, timestamp, windows, pane) : undefined;
    }
    return calls.add(async (turn) => {
      const isKept = Boolean(await settled(result, options, { method: 'filter', element }));
      await turn;
      if (isKept) await out(element, timestamp, windows, pane);
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
      : ownReceiver(FILTER, { fn, fixed, failed, calls, out, goOn });
  return {
    receive,
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
