import type { FlatMapFn } from '../model/do-fn.ts';
import { elementContext, perWindow, type Rest } from './element-context.ts';
import { Emission, isAsyncIterable, isIterable } from './emission.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

/** An array longer than this is emitted as any iterable is: the event loop gets its turns. */
const SHORT_ARRAY = 1000;

/** Runs a flatMap: any number of elements out for each element in. */
export function flatMapOperator(
  spec: { readonly fn: FlatMapFn<never, unknown, never>; readonly context: object },
  options: OperatorOptions,
): Operator {
  // Pipeline building has checked the function against the element type.
  const fn = spec.fn as (element: unknown, context: object) => unknown;
  const context = elementContext(spec.context, options);
  const out = mainOutput(options);
  const calls = new InOrder(options.onFailure);
  const emission = new Emission(options, 'flatMap');

  const emitShort = (
    values: readonly unknown[],
    from: number,
    ...[timestamp, windows, pane]: Rest
  ): void | Promise<void> => {
    for (let index = from; index < values.length; index++) {
      const wait = out(values[index], timestamp, windows, pane);
      if (wait !== undefined) {
        return wait.then(() => emitShort(values, index + 1, timestamp, windows, pane));
      }
    }
  };
  const emit = (result: unknown, element: unknown, ...[timestamp, windows, pane]: Rest) => {
    if (!isIterable(result)) throw emission.refuse(result, element);
    return emission.all(result, (value) => out(value, timestamp, windows, pane), element);
  };

  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      let result: unknown;
      try {
        result = fn(element, context.fixed ?? context.of(timestamp, windows, pane));
      } catch (cause) {
        throw userError(options, 'flatMap', { cause, element });
      }
      if (!calls.isBusy) {
        if (Array.isArray(result) && result.length <= SHORT_ARRAY) {
          return emitShort(result, 0, timestamp, windows, pane);
        }
        if (!isAsyncIterable(result) && !isPromiseLike(result)) {
          return emit(result, element, timestamp, windows, pane);
        }
      }
      return calls.add(async (turn) => {
        if (isAsyncIterable(result)) {
          const pass = (value: unknown) => out(value, timestamp, windows, pane);
          return emission.allAsync(result, pass, { element, turn });
        }
        const values = await settled(result, options, { method: 'flatMap', element });
        await turn;
        await emit(values, element, timestamp, windows, pane);
      });
    }),
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}
