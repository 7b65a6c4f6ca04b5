import { PipelineError } from '../errors.ts';
import { MAIN_TAG } from '../model/applied-ptransform.ts';
import { TaggedOutput, type DoFn } from '../model/do-fn.ts';
import { asksForState } from '../model/is-stateful.ts';
import { TimestampedValue } from '../model/timestamped-value.ts';
import type { FiredTimer } from '../model/timer.ts';
import type { Timestamp } from '../model/timestamp.ts';
import type { Receiver, WindowedValue } from '../model/windowed-value.ts';
import { elementContext, perWindow, type Rest } from './element-context.ts';
import { describeValue } from '../model/describe-value.ts';
import { Emission, isAsyncIterable, isIterable } from './emission.ts';
import { InOrder } from './in-order.ts';
import { requireKV } from './require-kv.ts';
import { requireElementTimestamp } from './require-element-timestamp.ts';
import type { RestrictionWork } from './splittable/restriction-driver.ts';
import { RunningRestriction } from './splittable/running-restriction.ts';
import { Splittable } from './splittable/splittable.ts';
import type { DueTimer } from './state/user-state.ts';
import { mainOutput, settled, userError, type Operator, type OperatorOptions } from './operator.ts';
import { isPromiseLike } from './promise-like.ts';

/** What a DoFn was called for, and so what it emits has. */
interface Call {
  readonly element: unknown;
  readonly at: Rest;
  readonly running?: RunningRestriction | undefined;
}

/** Runs a DoFn with all of its life, and routes what it emits to its outputs. */
export function parDoOperator(
  spec: {
    readonly doFn: DoFn<never, unknown, never>;
    readonly context: object;
    readonly emitsWindowed?: boolean;
  },
  options: OperatorOptions,
): Operator {
  // Pipeline building has checked the DoFn against the element type.
  const doFn = spec.doFn as DoFn<unknown, unknown>;
  const context = elementContext(spec.context, options);
  const main = mainOutput(options);
  const calls = new InOrder(options.onFailure);
  const isStateful = asksForState(spec.context);
  const restrictions = restrictionsOf(options);
  const isAlone = isStateful || restrictions !== undefined;
  const processed = { emission: new Emission(options, 'process'), method: 'process' };
  const fired = { emission: new Emission(options, 'onTimer'), method: 'onTimer' };
  const finished = new Emission(options, 'finishBundle');

  const send = (emitted: unknown, { at, running }: Call) => {
    const [timestamp, windows, pane] = at;
    const receive = isTagged(emitted) ? outputFor(emitted.tag, options) : main;
    const value: unknown = isTagged(emitted) ? emitted.value : emitted;
    const isTimestamped = value instanceof TimestampedValue;
    const own = isTimestamped ? timestampOf(value, options) : timestamp;
    running?.emitted(own);
    return receive(isTimestamped ? value.value : value, own, windows, pane);
  };
  const sendWindowed = (emitted: unknown) => {
    const tag = isTagged(emitted) ? emitted.tag : MAIN_TAG;
    const { value, timestamp, windows, pane } = requireWindowed(
      isTagged(emitted) ? emitted.value : emitted,
      options,
    );
    return outputFor(tag, options)(value, timestamp, windows, pane);
  };
  const emitAll = (
    emission: Emission,
    result: unknown,
    { element, emit }: { readonly element: unknown; readonly emit: (value: unknown) => void | Promise<void> },
  ): void | Promise<void> => {
    if (result === undefined || result === null) return undefined;
    if (!isIterable(result)) throw emission.refuse(result, element);
    return emission.all(result, emit, element);
  };
  /** Emits what a call for an element or a timer returned, after what was called before. */
  const take = (
    { emission, method }: { readonly emission: Emission; readonly method: string },
    result: unknown,
    call: Call,
  ): void | Promise<void> => {
    const { element } = call;
    const emit = (value: unknown) => (spec.emitsWindowed === true ? sendWindowed(value) : send(value, call));
    if (!calls.isBusy && !isAsyncIterable(result) && !isPromiseLike(result)) {
      return emitAll(emission, result, { element, emit });
    }
    const wait = calls.add(async (turn) => {
      if (isAsyncIterable(result)) return emission.allAsync(result, emit, { element, turn });
      const values = await settled(result, options, { method, element });
      await turn;
      await emitAll(emission, values, { element, emit });
    });
    // State has one call at a time, and so have restrictions: what an asynchronous function still does is waited for.
    return isAlone ? calls.drain() : wait;
  };

  /** Works on a restriction: what comes to a splittable DoFn. */
  const work = (value: unknown, ...at: Rest): void | Promise<void> => {
    const [timestamp, windows, pane] = at;
    // Its driver gives it nothing else.
    const running = restrictions?.open({ value: value as RestrictionWork, timestamp, windows, pane });
    const { element } = value as RestrictionWork;
    let result: unknown;
    try {
      result = doFn.process(element, context.of(timestamp, windows, pane, { running }));
    } catch (cause) {
      throw userError(options, 'process', { cause, element });
    }
    const wait = take(processed, result, { element, at, running });
    return wait === undefined ? running?.finish() : wait.then(() => running?.finish());
  };

  return {
    receive: perWindow(context.isPerWindow, (element, timestamp, windows, pane) => {
      if (restrictions !== undefined) return work(element, timestamp, windows, pane);
      const key = isStateful ? requireKV(element, options.name).key : undefined;
      let result: unknown;
      try {
        result = doFn.process(element, context.fixed ?? context.of(timestamp, windows, pane, { key }));
      } catch (cause) {
        throw userError(options, 'process', { cause, element });
      }
      return take(processed, result, { element, at: [timestamp, windows, pane] });
    }),
    fireTimer(due) {
      const { key, pane, holdTimestamp: timestamp } = due;
      const windows = [due.window];
      const timer = firedTimer(due);
      let result: unknown;
      try {
        result = doFn.onTimer?.(timer as FiredTimer<never>, context.of(timestamp, windows, pane, { key }));
      } catch (cause) {
        throw userError(options, 'onTimer', { cause, element: timer });
      }
      return take(fired, result, { element: timer, at: [timestamp, windows, pane] });
    },
    setup: () => guarded('setup', () => doFn.setup?.()),
    startBundle: () => guarded('startBundle', () => doFn.startBundle?.(context.bundle)),
    async finishBundle() {
      if (calls.isBusy) await calls.drain();
      let result: unknown;
      await guarded('finishBundle', async () => {
        result = doFn.finishBundle?.(context.bundle);
        if (isPromiseLike(result)) result = await result;
      });
      if (isAsyncIterable(result)) {
        const turn = Promise.resolve();
        await finished.allAsync(result, sendWindowed, { element: undefined, turn });
      } else {
        await emitAll(finished, result, { element: undefined, emit: sendWindowed });
      }
    },
    settle: () => calls.settle(),
    teardown: () => guarded('teardown', () => doFn.teardown?.()),
  };

  async function guarded(method: string, call: () => void | PromiseLike<void>): Promise<void> {
    try {
      await call();
    } catch (cause) {
      throw userError(options, method, { cause });
    }
  }
}

/** Opens the restrictions of a splittable DoFn; undefined if it is none. */
function restrictionsOf(options: OperatorOptions) {
  const { restrictions: driver, transform, name } = options;
  if (driver === undefined) return undefined;
  const splittable = new Splittable(transform, name);
  return {
    open: (work: WindowedValue<RestrictionWork>) =>
      new RunningRestriction(work, { splittable, driver, options }),
  };
}

function timestampOf({ value, timestamp }: TimestampedValue<unknown>, { name }: OperatorOptions): Timestamp {
  return requireElementTimestamp(timestamp, { element: value, transform: name });
}

function firedTimer({
  family,
  holdTimestamp,
  tag,
  key,
  window,
  fireTimestamp,
}: DueTimer): FiredTimer<unknown> {
  return { name: family, tag, key, window, fireTimestamp, timestamp: holdTimestamp };
}

function isTagged(value: unknown): value is TaggedOutput<string, unknown> {
  return value instanceof TaggedOutput;
}

function outputFor(tag: string, { outputs, name }: OperatorOptions): Receiver {
  const output = outputs.get(tag);
  if (output !== undefined) return output;
  const declared = [...outputs.keys()].map((each) => `"${each}"`).join(', ');
  throw new PipelineError(
    `Cannot emit to an output of "${name}" as its tag must be one of ${declared}: received "${tag}"`,
    { transform: name, hint: `Declare the output where it is applied: parDo(doFn).withOutputs('${tag}')` },
  );
}

function requireWindowed(value: unknown, { name }: OperatorOptions): WindowedValue<unknown> {
  if (isWindowed(value)) return value;
  throw new PipelineError(
    `Cannot emit from finishBundle of "${name}" as it must emit windowed values: received ${describeValue(value)}`,
    {
      transform: name,
      hint: 'It has no element to take a window from: yield windowedValue(value), with timestamp and windows if need be',
    },
  );
}

function isWindowed(value: unknown): value is WindowedValue<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'value' in value &&
    'timestamp' in value &&
    typeof value.timestamp === 'number' &&
    'windows' in value &&
    Array.isArray(value.windows) &&
    'pane' in value
  );
}
