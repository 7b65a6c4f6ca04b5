import { TaggedOutput, type DoFn } from '../../model/do-fn.ts';
import { errorRecord, type BadElement } from '../exceptions/bad-element.ts';
import type { Caller, RequestCache } from './caller.ts';
import { GuardedCall, type CallSettings, type Outcome } from './guarded-call.ts';
import { remembered } from './remembered.ts';

/** Where requests go that got no response. */
export const FAILURES_TAG = 'failures';

/** What calls a service, and how. */
export interface ServiceSettings<Req, Res> extends CallSettings {
  /** What the graph calls the transform. */
  readonly transform: string;
  readonly cache: RequestCache<Req, Res> | undefined;
}

/** Calls a service for each element. */
export class CallFn<Req, Res> implements DoFn<Req, unknown> {
  readonly #caller: Caller<Req, Res>;
  readonly #settings: ServiceSettings<Req, Res>;
  /** Of a worker, and made there. */
  #calls: GuardedCall<Req, Res> | undefined;

  constructor(caller: Caller<Req, Res>, settings: ServiceSettings<Req, Res>) {
    this.#caller = caller;
    this.#settings = settings;
  }

  async setup(): Promise<void> {
    this.#calls = new GuardedCall((request, context) => this.#caller.call(request, context), this.#settings);
    await this.#caller.setup?.();
    await this.#settings.cache?.setup?.();
  }

  async process(request: Req): Promise<readonly unknown[]> {
    const { cache, transform } = this.#settings;
    const calls = this.#calls;
    if (calls === undefined)
      throw new TypeError('Cannot call a service as it must be set up: received a request');
    const outcome = await calls.inTurn(() => remembered(request, cache, () => calls.ask(request)));
    return [outputOf(request, outcome, transform)];
  }

  async teardown(): Promise<void> {
    this.#calls?.end();
    await tornDown(this.#caller, this.#settings.cache);
  }
}

/** A response for the main output, or a failure for its own. */
export function outputOf<Req, Res>(
  request: Req,
  outcome: Outcome<Res>,
  transform: string,
): Res | TaggedOutput<typeof FAILURES_TAG, BadElement<Req>> {
  if (outcome.kind === 'response') return outcome.response;
  return failureOutput({ element: request, error: errorRecord(outcome.error), transform });
}

function failureOutput<Req>(failure: BadElement<Req>): TaggedOutput<typeof FAILURES_TAG, BadElement<Req>> {
  return new TaggedOutput(FAILURES_TAG, failure);
}

/** Tears down a cache also where a caller's teardown throws. */
export async function tornDown(
  caller: { teardown?(): void | PromiseLike<void> },
  cache: { teardown?(): void | PromiseLike<void> } | undefined,
): Promise<void> {
  try {
    await caller.teardown?.();
  } finally {
    await cache?.teardown?.();
  }
}
