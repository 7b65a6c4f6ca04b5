import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import type { MapFn } from '../model/do-fn.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import { elementContext, perWindow } from './element-context.ts';
import { InOrder } from './in-order.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

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
  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      let result: unknown;
      try {
        result = fn(element, context.fixed ?? context.of(timestamp, windows, pane));
      } catch (cause) {
        throw userError(options, 'assignTimestamps', { cause, element });
      }
      if (!calls.isBusy && !isPromiseLike(result)) {
        return out(element, requireTimestamp(result, element, options.name), windows, pane);
      }
      return calls.add(async (turn) => {
        const assigned = await settled(result, options, { method: 'assignTimestamps', element });
        await turn;
        await out(element, requireTimestamp(assigned, element, options.name), windows, pane);
      });
    }),
    finishBundle: () => (calls.isBusy ? calls.drain() : undefined),
    settle: () => calls.settle(),
  };
}

function requireTimestamp(timestamp: unknown, element: unknown, transform: string): Timestamp {
  if (typeof timestamp === 'number' && timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) {
    return Math.floor(timestamp); // Beam's time has whole milliseconds
  }
  const isDate = timestamp instanceof Date;
  throw new PipelineError(
    `Cannot assign a timestamp in "${transform}" as it must be a number of milliseconds since the epoch: ` +
      `received ${isDate ? 'a Date' : describeValue(timestamp)} for ${describeValue(element)}`,
    {
      transform,
      hint: isDate ? 'Give date.getTime()' : 'Date.parse(text) makes one of an ISO 8601 text',
    },
  );
}
