import { PipelineError } from '../../errors.ts';
import { describeValue } from '../../model/describe-value.ts';
import { TaggedOutput, type DoFn } from '../../model/do-fn.ts';
import { paneInfoParam, timestampParam, windowParam, type Bound } from '../../model/par-do-param.ts';
import { windowedValue, type WindowedValue } from '../../model/windowed-value.ts';
import { outputOf, tornDown, type ServiceSettings } from './call-fn.ts';
import type { BatchCaller } from './caller.ts';
import { GuardedCall, type Outcome } from './guarded-call.ts';

/** What a batch needs to know of its elements, as they leave it with the windows that they came in. */
export const BATCH_CONTEXT = { timestamp: timestampParam(), window: windowParam(), pane: paneInfoParam() };

type BatchContext = typeof BATCH_CONTEXT;

type Calls<Req, Res> = GuardedCall<readonly Req[], readonly (Res | Error)[]>;

type Output = WindowedValue<unknown> | TaggedOutput<string, WindowedValue<unknown>>;

/** Calls a service for the elements of a bundle, many at a time; emits when the bundle ends. */
export class BatchCallFn<Req, Res> implements DoFn<Req, never, BatchContext> {
  readonly #caller: BatchCaller<Req, Res>;
  readonly #settings: ServiceSettings<Req, Res>;
  readonly #maxBatchSize: number;
  /** Of a worker, and made there. */
  #calls: Calls<Req, Res> | undefined;
  #batch: WindowedValue<Req>[] = [];
  #sent: Promise<readonly Output[]>[] = [];
  /** Those of them that are under way. */
  #open = new Set<Promise<unknown>>();

  constructor(caller: BatchCaller<Req, Res>, settings: ServiceSettings<Req, Res>, maxBatchSize: number) {
    this.#caller = caller;
    this.#settings = settings;
    this.#maxBatchSize = maxBatchSize;
  }

  async setup(): Promise<void> {
    this.#calls = new GuardedCall(
      async (requests, context) =>
        this.#requireResponses(await this.#caller.callBatch(requests, context), requests),
      this.#settings,
    );
    await this.#caller.setup?.();
    await this.#settings.cache?.setup?.();
  }

  startBundle(): void {
    this.#batch = [];
    this.#sent = [];
    this.#open = new Set();
  }

  process(request: Req, { timestamp, window, pane }: Bound<BatchContext>): void | Promise<void> {
    const placed = { timestamp: timestamp.lookup(), windows: [window.lookup()], pane: pane.lookup() };
    this.#batch.push(windowedValue(request, placed));
    if (this.#batch.length < this.#maxBatchSize) return undefined;
    this.#send();
    // What comes after it waits, so that no more than a few batches do.
    if (this.#open.size > this.#settings.maxConcurrency)
      return Promise.race(this.#open).then(() => undefined);
    return undefined;
  }

  async finishBundle(): Promise<readonly never[]> {
    if (this.#batch.length > 0) this.#send();
    const outputs = (await Promise.all(this.#sent)).flat();
    this.#sent = [];
    // Each is a windowed value, or a tagged one: what a runner takes from finishBundle.
    return outputs as readonly unknown[] as readonly never[];
  }

  async teardown(): Promise<void> {
    this.#calls?.end();
    await tornDown(this.#caller, this.#settings.cache);
  }

  #send(): void {
    const calls = this.#calls;
    if (calls === undefined)
      throw new TypeError('Cannot call a service as it must be set up: received requests');
    const batch = this.#batch;
    this.#batch = [];
    const open = this.#open;
    const sent = calls.inTurn(() => this.#outputs(batch, calls));
    this.#sent.push(sent);
    open.add(sent);
    const close = () => void open.delete(sent);
    sent.then(close, close); // what it rejects with is thrown at the end of the bundle
  }

  async #outputs(batch: readonly WindowedValue<Req>[], calls: Calls<Req, Res>): Promise<readonly Output[]> {
    const { transform, cache } = this.#settings;
    const known = await Promise.all(batch.map(async ({ value }) => cache?.get(value)));
    const asked = batch.filter((_, at) => known[at] === undefined).map(({ value }) => value);
    const answers = (await askAll(asked, calls)).values();
    const outputs: Output[] = [];
    for (const [at, { value: request, ...rest }] of batch.entries()) {
      const response = known[at];
      const answer = response === undefined ? answers.next().value : undefined;
      const outcome: Outcome<Res> = answer ?? { kind: 'response', response: response as Res }; // one of both is there
      if (answer?.kind === 'response') await cache?.set(request, answer.response);
      const output = outputOf(request, outcome, transform);
      outputs.push(
        output instanceof TaggedOutput
          ? new TaggedOutput(output.tag, windowedValue<unknown>(output.value, rest))
          : windowedValue<unknown>(output, rest),
      );
    }
    return outputs;
  }

  #requireResponses(responses: unknown, requests: readonly Req[]): readonly (Res | Error)[] {
    // The type says so; it does not hold in plain JavaScript.
    if (Array.isArray(responses) && responses.length === requests.length) return responses as (Res | Error)[];
    const { transform } = this.#settings;
    const received = Array.isArray(responses) ? `${responses.length}` : describeValue(responses);
    throw new PipelineError(
      `Cannot take the responses of "${transform}" as callBatch must give an array of one for each of ${requests.length} requests: received ${received}`,
      { transform, hint: 'Give an Error in the place of a request that has no response' },
    );
  }
}

/** What each request of a batch came to. */
async function askAll<Req, Res>(
  requests: readonly Req[],
  calls: Calls<Req, Res>,
): Promise<readonly Outcome<Res>[]> {
  if (requests.length === 0) return [];
  const outcome = await calls.ask(requests);
  if (outcome.kind === 'failure') return requests.map(() => outcome);
  return outcome.response.map((response) =>
    response instanceof Error ? { kind: 'failure', error: response } : { kind: 'response', response },
  );
}
