/** What a call is given beside the request. */
export interface CallContext {
  /** Aborted when the call takes longer than the timeout, and when the pipeline ends: give it to `fetch`. */
  readonly signal: AbortSignal;
}

/** A client of a service that answers one request at a time. One serves one step on one worker. */
export interface Caller<in Req, out Res> {
  /** What the graph calls it; the class name where absent. */
  readonly name?: string;
  /** Makes what lives, such as a connection: it does not ship to a worker. */
  setup?(): void | PromiseLike<void>;
  /** Gives the response, or throws: a `RequestError` may say when to try again, or that there is no use. */
  call(request: Req, context: CallContext): Res | PromiseLike<Res>;
  teardown?(): void | PromiseLike<void>;
}

/** A client of a service that answers many requests in one call. */
export interface BatchCaller<in Req, out Res> {
  /** What the graph calls it; the class name where absent. */
  readonly name?: string;
  /** Makes what lives, such as a connection: it does not ship to a worker. */
  setup?(): void | PromiseLike<void>;
  /**
   * Gives the responses in the order of the requests, or throws, which has all of them tried again. What is an instance of
   * Error stands for a request that failed, and is not tried again.
   */
  callBatch(
    requests: readonly Req[],
    context: CallContext,
  ): readonly (Res | Error)[] | PromiseLike<readonly (Res | Error)[]>;
  teardown?(): void | PromiseLike<void>;
}

/** Remembers responses: in memory (`inMemoryCache`), or elsewhere, such as in Redis. One serves one step on one worker. */
export interface RequestCache<Req, Res> {
  setup?(): void | PromiseLike<void>;
  /** Gives the response to an equal request, undefined if there is none. What it throws fails the pipeline. */
  get(request: Req): Res | undefined | PromiseLike<Res | undefined>;
  set(request: Req, response: Res): void | PromiseLike<void>;
  teardown?(): void | PromiseLike<void>;
}
