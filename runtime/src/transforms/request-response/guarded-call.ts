import pLimit from 'p-limit';
import pThrottle from 'p-throttle';
import { backOffMs, wait, type BackOff } from '../exceptions/back-off.ts';
import { isTaken, type ErrorTest } from '../exceptions/error-test.ts';
import { within } from '../exceptions/within.ts';
import type { CallContext } from './caller.ts';
import { RequestError } from './request-error.ts';

/** How a service is called: plain data, and the user's functions. */
export interface CallSettings {
  readonly exceptions: ErrorTest | undefined;
  readonly retries: number;
  readonly backOff: BackOff;
  /** Milliseconds; undefined for no limit. */
  readonly timeoutMs: number | undefined;
  /** Calls that may begin within an interval of milliseconds; undefined for no limit. */
  readonly rate: { readonly limit: number; readonly intervalMs: number } | undefined;
  readonly maxConcurrency: number;
}

/** What a call came to: a response, or what was thrown last. */
export type Outcome<Res> =
  | { readonly kind: 'response'; readonly response: Res }
  | { readonly kind: 'failure'; readonly error: unknown };

/** Calls a service: so many calls at a time and within an interval, each within a timeout, and again where it fails. */
export class GuardedCall<Req, Res> {
  readonly #settings: CallSettings;
  readonly #life = new AbortController();
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #begin: (request: Req) => PromiseLike<Res>;

  constructor(call: (request: Req, context: CallContext) => Res | PromiseLike<Res>, settings: CallSettings) {
    this.#settings = settings;
    this.#limit = pLimit(settings.maxConcurrency);
    const attempt = (request: Req) => this.#attempt(call, request);
    const { rate } = settings;
    this.#begin =
      rate === undefined
        ? attempt
        : pThrottle({
            limit: rate.limit,
            interval: rate.intervalMs,
            strict: true, // within any interval, not only within those that begin with a call
            signal: this.#life.signal,
          })(attempt);
  }

  /** Does what makes a call, when there are few enough others: looks into a cache before, and writes to it after. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.#limit(work);
  }

  /** Calls until there is an answer. Rejects with what is no failure of the request, such as a PipelineError, and once it was ended. */
  async ask(request: Req): Promise<Outcome<Res>> {
    const { exceptions, retries } = this.#settings;
    for (let retry = 1; ; retry++) {
      try {
        return { kind: 'response', response: await this.#begin(request) };
      } catch (error) {
        this.#life.signal.throwIfAborted();
        if (!isTaken(error, exceptions)) throw error;
        const ms = retry > retries ? undefined : this.#waitFor(error, retry);
        if (ms === undefined) return { kind: 'failure', error };
        await wait(ms, this.#life.signal);
      }
    }
  }

  /** Aborts what is under way, and what waits. */
  end(): void {
    this.#life.abort();
  }

  /** Milliseconds until the next try; undefined where there is no use in one. */
  #waitFor(error: unknown, retry: number): number | undefined {
    const { backOff } = this.#settings;
    const ms = backOffMs(backOff, retry);
    if (!(error instanceof RequestError)) return ms;
    const told = Math.max(0, (error.retryAt ?? 0) - Date.now());
    return error.isRetryable && told <= backOff.max ? Math.max(ms, told) : undefined;
  }

  async #attempt(
    call: (request: Req, context: CallContext) => Res | PromiseLike<Res>,
    request: Req,
  ): Promise<Res> {
    const own = new AbortController();
    const signal = AbortSignal.any([own.signal, this.#life.signal]);
    const answer = (async () => call(request, { signal }))();
    return within(answer, this.#settings.timeoutMs, (error) => own.abort(error));
  }
}
