import { describeValue } from '../../model/describe-value.ts';
import type { PCollection } from '../../model/pcollection.ts';
import { givenName, type PTransform } from '../../model/ptransform.ts';
import { durationMs, type Duration } from '../../windowing/duration.ts';
import { backOffOf, type BackOffOptions } from '../exceptions/back-off.ts';
import type { BadElement } from '../exceptions/bad-element.ts';
import { requireErrorTest, type ErrorTest } from '../exceptions/error-test.ts';
import { requireInstance, requirePCollection } from '../require-input.ts';
import { requireOptions } from '../require-options.ts';
import { BATCH_CONTEXT, BatchCallFn } from './batch-call-fn.ts';
import { CallFn, FAILURES_TAG, type ServiceSettings } from './call-fn.ts';
import type { BatchCaller, Caller, RequestCache } from './caller.ts';

/** How often, how fast and how patiently a service is called. Limits are those of each worker. */
export interface RequestResponseOptions<Req, Res> {
  /** Calls under way at a time; 10 unless told otherwise, at most 16 of a Caller. */
  readonly maxConcurrency?: number;
  /** Calls that may begin within any interval, which is a second unless told otherwise; retries count. As many as like, unless told. */
  readonly rateLimit?: { readonly calls: number; readonly per?: Duration };
  /** How long a call may take, each time; as long as it likes, unless told otherwise. */
  readonly timeout?: Duration;
  /** How often a call is tried again; 3 unless told otherwise. */
  readonly retries?: number;
  /**
   * How long to wait before each retry: 100 ms, then 200, 400 … up to a minute, half of it at random, unless told otherwise. A wait that
   * a RequestError asks for is kept if it is longer; where it is longer than `max`, the request is a failure at once.
   */
  readonly backOff?: BackOffOptions;
  /** Which errors make a request a failure: classes, or a function that is true for them. Others fail the pipeline. All, unless told. */
  readonly exceptions?: ErrorTest;
  /** Where responses are remembered; nowhere unless told otherwise. Equal requests that are under way at a time are all sent. */
  readonly cache?: RequestCache<Req, Res>;
  /** Requests of a call of a BatchCaller, at most; 100 unless told otherwise. */
  readonly maxBatchSize?: number;
}

/** What came of requests. */
export interface Responses<Req, Res> {
  readonly responses: PCollection<Res>;
  /** Requests that got no response, as they are after all retries. */
  readonly failures: PCollection<BadElement<Req>>;
}

/**
 * Calls a service for each element: `const { responses, failures } = ids.apply(requestResponse(new Users(url), { retries: 5 }))`.
 *
 * ```ts
 * class Users implements beam.Caller<number, User> {
 *   constructor(readonly url: string) {}
 *   async call(id: number, { signal }: beam.CallContext) {
 *     const response = await fetch(`${this.url}/${id}`, { signal });
 *     if (response.ok) return (await response.json()) as User;
 *     throw new beam.RequestError(`HTTP ${response.status}`, {
 *       retryAfter: response.headers.get('retry-after'),
 *       isRetryable: response.status === 429 || response.status >= 500,
 *     });
 *   }
 * }
 * ```
 *
 * - Shape: each request gives one response or one failure, in its window and with its timestamp.
 * - Cost: a Caller's responses go on one by one. A BatchCaller is called for many elements of a bundle at once, and for an element in
 *   several windows once for each; responses are in memory until their bundle ends.
 * - A bundle that fails is processed again: a service may be asked more than once, also after it did what it was asked.
 *
 * @throws {TypeError} for what is no caller, and for an unknown option. @throws {RangeError} for a number or a time that is none.
 * @see Beam Java's RequestResponseIO
 */
export function requestResponse<Req, Res>(
  caller: Caller<Req, Res> | BatchCaller<Req, Res>,
  options: RequestResponseOptions<NoInfer<Req>, NoInfer<Res>> = {},
): PTransform<PCollection<Req>, Responses<Req, Res>> {
  requireInstance(caller, 'call a service', 'a caller');
  const received: unknown = caller; // the types do not hold in plain JavaScript
  const isBatch = hasMethod(received, 'callBatch');
  if (!isBatch && !hasMethod(received, 'call')) {
    throw new TypeError(
      `Cannot call a service as a caller must have a method call or callBatch: received ${describeValue(received)}`,
    );
  }
  const name = givenName(caller) ?? labelOf(caller);
  const { settings, maxBatchSize } = settingsOf<Req, Res>(options, { name, isBatch });
  const spec = isBatch
    ? {
        doFn: new BatchCallFn(caller as BatchCaller<Req, Res>, settings, maxBatchSize), // it has the method
        context: BATCH_CONTEXT,
      }
    : { doFn: new CallFn(caller as Caller<Req, Res>, settings), context: {} }; // the same
  return {
    name,
    expand(input) {
      const { main, failures } = requirePCollection(input, name).pipeline.addPrimitive({
        label: name,
        spec: { kind: 'parDo', ...spec, tags: [FAILURES_TAG] },
        inputs: [input],
      });
      // The DoFn emits these to them.
      return { responses: main, failures } as unknown as Responses<Req, Res>;
    },
  };
}

/** No more calls of an asynchronous function are under way in a bundle. */
const MAX_CALLS = 16;

function settingsOf<Req, Res>(
  options: RequestResponseOptions<Req, Res>,
  { name, isBatch }: { readonly name: string; readonly isBatch: boolean },
): { readonly settings: ServiceSettings<Req, Res>; readonly maxBatchSize: number } {
  const action = `call a service in "${name}"`;
  const all = ['maxConcurrency', 'rateLimit', 'timeout', 'retries', 'backOff', 'exceptions', 'cache'];
  const known = requireOptions(options, action, isBatch ? [...all, 'maxBatchSize'] : all);
  const { rateLimit, timeout, backOff = {}, exceptions, cache } = known;
  const count = (option: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER) => {
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === MAX_CALLS ? `from ${least} to ${most}` : `${least} or more`;
    throw new RangeError(
      `Cannot ${action} as ${option} must be a whole number, ${range}: received ${describeValue(value)}`,
    );
  };
  requireErrorTest(exceptions, action);
  if (cache !== undefined && !(hasMethod(cache, 'get') && hasMethod(cache, 'set'))) {
    throw new TypeError(
      `Cannot ${action} as cache must have the methods get and set: received ${describeValue(cache)}`,
    );
  }
  const rate = rateLimit && requireOptions(rateLimit, `${action} with a rateLimit`, ['calls', 'per']);
  return {
    maxBatchSize: count('maxBatchSize', known.maxBatchSize ?? 100, 1),
    settings: {
      transform: name,
      cache,
      exceptions,
      retries: count('retries', known.retries ?? 3, 0),
      backOff: backOffOf(backOff, action),
      timeoutMs:
        timeout === undefined ? undefined : durationMs(timeout, { action: `${action} as timeout`, least: 1 }),
      rate: rate && {
        limit: count('the calls of rateLimit', rate.calls, 1),
        intervalMs: durationMs(rate.per ?? 1000, {
          action: `${action} as the interval of rateLimit`,
          least: 1,
        }),
      },
      maxConcurrency: count('maxConcurrency', known.maxConcurrency ?? 10, 1, isBatch ? undefined : MAX_CALLS),
    },
  };
}

function hasMethod(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Readonly<Record<string, unknown>>)[method] === 'function'
  );
}

/** "RequestResponse(Users)": the caller's own name, or its class's. */
function labelOf(caller: { readonly name?: string }): string {
  const className = caller.constructor === Object ? '' : caller.constructor.name;
  const own = caller.name ?? className;
  return own === '' ? 'RequestResponse' : `RequestResponse(${own})`;
}
