import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { events, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

interface Request {
  readonly id: number;
  readonly name: string;
}

const REQUESTS: readonly Request[] = Array.from({ length: 40 }, (_, n) => ({ id: n % 7, name: 'ü' }));

/** A service that fails now and then, and for one id always. */
class Greeter implements beam.Caller<Request, { readonly id: number; readonly greeting: string }> {
  #calls = 0;
  #word: string | undefined;

  async setup(): Promise<void> {
    await Promise.resolve();
    this.#word = 'hello';
  }

  async call({ id, name }: Request, { signal }: beam.CallContext) {
    await Promise.resolve();
    signal.throwIfAborted();
    if (id === 3) throw new beam.RequestError('no 3', { isRetryable: false });
    if (++this.#calls % 4 === 0) throw new beam.RequestError('too many', { retryAfter: 2 });
    return { id, greeting: `${String(this.#word)} ${name}` };
  }
}

export const REQUEST_RESPONSE: readonly ConformanceCase[] = [
  {
    name: 'requestResponse: one at a time, with retries, a cache and failures',
    build: (p) => {
      const { responses, failures } = p.apply(beam.create(REQUESTS)).apply(
        beam.requestResponse(new Greeter(), {
          retries: 50,
          backOff: { initial: 1, max: 20 },
          rateLimit: { calls: 1000 },
          timeout: { seconds: 20 },
          cache: beam.inMemoryCache(),
        }),
      );
      return {
        responses,
        failures: failures.map(({ element, error: { name, message } }) => ({
          element,
          error: name,
          message,
        })),
      };
    },
  },
  {
    name: 'requestResponse: batches, in sliding windows',
    build: (p) => {
      const caller: beam.BatchCaller<beam.KV<string, number>, { key: string; double: number }> = {
        callBatch: (pairs) =>
          pairs.map(({ key, value }) =>
            value % 3 === 0 ? new Error('a third') : { key, double: value * 2 },
          ),
      };
      const { responses, failures } = events(p, INPUTS.events)
        .apply(beam.windowInto(beam.windows.sliding({ size: { seconds: 60 }, period: { seconds: 30 } })))
        .apply(beam.requestResponse(caller, { maxBatchSize: 3 }));
      return {
        responses: responses.apply(shown),
        failures: failures.map(({ element }) => element).apply(shown),
      };
    },
  },
];
