import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import type { MapFn } from '../model/do-fn.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { mapOperator } from './map-operator.ts';
import { mainOutput, type Operator, type OperatorOptions } from './operator.ts';

/** Gives each element the timestamp that a function says; sync or async, as in a map. */
export function assignTimestampsOperator(
  spec: { readonly fn: MapFn<never, number, never>; readonly context: object },
  options: OperatorOptions,
): Operator {
  const { name } = options;
  const out = mainOutput(options);
  // Pipeline building has checked the function against the element type.
  const fn = spec.fn as (element: unknown, context: object) => unknown;
  const asPair = (element: unknown, context: object) => {
    const timestamp = fn(element, context);
    return typeof timestamp === 'number' ? new Stamped(element, timestamp) : waitFor(timestamp, element);
  };
  const receive: Receiver = (pair, _timestamp, windows, pane) => {
    const { element, timestamp } = pair as Stamped; // what asPair gave
    return out(element, requireTimestamp(timestamp, element, name), windows, pane);
  };
  return mapOperator(
    { fn: asPair, context: spec.context },
    { ...options, outputs: new Map([['main', receive]]) },
  );
}

/** An element on its way from the function to the output. */
class Stamped {
  readonly element: unknown;
  readonly timestamp: unknown;

  constructor(element: unknown, timestamp: unknown) {
    this.element = element;
    this.timestamp = timestamp;
  }
}

async function settleStamp(timestamp: unknown, element: unknown): Promise<Stamped> {
  return new Stamped(element, await timestamp);
}

function waitFor(timestamp: unknown, element: unknown): Stamped | Promise<Stamped> {
  const isPromise = typeof timestamp === 'object' && timestamp !== null && 'then' in timestamp;
  return isPromise ? settleStamp(timestamp, element) : new Stamped(element, timestamp);
}

function requireTimestamp(timestamp: unknown, element: unknown, transform: string): Timestamp {
  if (typeof timestamp === 'number' && timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) {
    // Beam's time has whole milliseconds.
    return Number.isInteger(timestamp) ? timestamp : Math.floor(timestamp);
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
