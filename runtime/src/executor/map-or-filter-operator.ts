import type { FilterFn, MapFn } from '../model/do-fn.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

/** What follows from what the function gave for an element. */
type Receive = (result: unknown, ...element: Parameters<Receiver>) => void | Promise<void>;

/**
 * Runs a map, which gives one element for each that it takes, or a filter, which passes those for which its function is
 * truthy.
 *
 * Where the context is one for all elements the step is fusible, and few elements come this way.
 */
export function mapOrFilterOperator(
  spec: { readonly context: object } & (
    | { readonly kind: 'map'; readonly fn: MapFn<never, unknown, never> }
    | { readonly kind: 'filter'; readonly fn: FilterFn<never, never> }
  ),
  options: OperatorOptions,
): Operator {
  const { kind: method } = spec;
  // Pipeline building has checked the function against the element type.
  const fn = spec.fn as (element: unknown, context: object) => unknown;
  const context = elementContext(spec.context, options);
  const out = mainOutput(options);
  const calls = new InOrder(options.onFailure, options.inFlight);
  const { fixed } = context;
  const failed = (cause: unknown, element: unknown) => userError(options, method, { cause, element });
  const pass: Receive =
    method === 'map'
      ? (result, _element, timestamp, windows, pane) => out(result, timestamp, windows, pane)
      : (result, element, timestamp, windows, pane) =>
          result ? out(element, timestamp, windows, pane) : undefined;
  const goOn: Receive = (result, element, timestamp, windows, pane) => {
    if (!calls.isBusy && !isPromiseLike(result)) return pass(result, element, timestamp, windows, pane);
    return calls.add(async (turn) => {
      const value = await settled(result, options, { method, element });
      await turn;
      await pass(value, element, timestamp, windows, pane);
    });
  };
  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      let result: unknown;
      try {
        result = fn(element, fixed ?? context.of(timestamp, windows, pane));
      } catch (cause) {
        throw failed(cause, element);
      }
      return goOn(result, element, timestamp, windows, pane);
    }),
    fusible: fixed && { method, fn, context: fixed, out, failed, goOn },
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
