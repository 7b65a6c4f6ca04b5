import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { retryAtOf } from '../../../../runtime/src/transforms/request-response/request-error.ts';
import { collect } from '../../engine/run-fragment.ts';

const create = <T>(...elements: readonly T[]) => beam.pipeline().apply(beam.create(elements));

const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

/** Doubles numbers; notes what it was asked. */
function doubling() {
  const asked: unknown[] = [];
  const caller = {
    setup: () => void asked.push('setup'),
    call(n: number) {
      asked.push(n);
      if (n < 0) throw new RangeError('negative');
      return n * 2;
    },
    teardown: () => void asked.push('teardown'),
  };
  const batches = {
    callBatch(requests: readonly number[]) {
      asked.push(requests);
      if (requests.includes(-1)) throw new RangeError('negative');
      return requests.map((n) => n * 2);
    },
  };
  return { asked, caller, batches };
}

test('requestResponse() calls a caller between its setup and teardown', async () => {
  const { asked, caller } = doubling();
  const { responses, failures } = create(1, 2).apply(beam.requestResponse(caller));
  expectTypeOf(responses).toEqualTypeOf<beam.PCollection<number>>();
  expectTypeOf(failures).toEqualTypeOf<beam.PCollection<beam.BadElement<number>>>();
  expect(await valuesOf(responses)).toEqual([2, 4]);
  expect(asked).toEqual(['setup', 1, 2, 'teardown']);
});

test('a request that fails is tried again, and is a failure then', async () => {
  const { asked, caller } = doubling();
  const { failures } = create(1, -2).apply(
    beam.requestResponse(caller, { retries: 2, backOff: { initial: 1 } }),
  );
  expect(await valuesOf(failures)).toMatchObject([
    { element: -2, error: { name: 'RangeError', message: 'negative' }, transform: 'RequestResponse' },
  ]);
  expect(asked).toEqual(['setup', 1, -2, -2, -2, 'teardown']);
});

test('errors that are not among the exceptions fail the pipeline', async () => {
  const options = { exceptions: [beam.RequestError] };
  const { caller, batches } = doubling();
  const one = create(1, -1).apply(beam.requestResponse(caller, options));
  await expect(valuesOf(one.responses)).rejects.toMatchObject({ name: 'UserCodeError', element: -1 });
  const many = create(1, -1).apply(beam.requestResponse(batches, options));
  await expect(valuesOf(many.responses)).rejects.toThrow('negative');
});

test('a batch that fails is tried again whole, and each of its requests is a failure then', async () => {
  const { asked, batches } = doubling();
  const { failures } = create(1, -1, 2).apply(
    beam.requestResponse(batches, { maxBatchSize: 2, retries: 1, backOff: { initial: 1 } }),
  );
  expect((await valuesOf(failures)).map(({ element }) => element)).toEqual([1, -1]);
  expect(asked.filter((each) => Array.isArray(each) && each.length === 2)).toEqual([
    [1, -1],
    [1, -1],
  ]);
});

test('the responses and failures of batches have the windows and timestamps of their requests', async () => {
  const { batches } = doubling();
  const { responses, failures } = create(1, -1, 11)
    .apply(beam.assignTimestamps((n) => Math.abs(n)))
    .apply(beam.windowInto(beam.windows.fixed(10)))
    .apply(beam.requestResponse(batches, { maxBatchSize: 1, retries: 0 }));
  const shown = async (target: beam.PCollection<unknown>) =>
    (await valuesOf(target.apply(beam.reify()))).map(({ timestamp, window }) => ({ timestamp, window }));
  expect(await shown(responses)).toEqual([
    { timestamp: 1, window: { kind: 'interval', start: 0, end: 10 } },
    { timestamp: 11, window: { kind: 'interval', start: 10, end: 20 } },
  ]);
  expect(await shown(failures)).toEqual([{ timestamp: 1, window: { kind: 'interval', start: 0, end: 10 } }]);
});

test('no batch is larger than told, whatever the number of elements and of calls at a time', async () => {
  const { asked, batches } = doubling();
  const numbers = Array.from({ length: 1003 }, (_, n) => n);
  const { responses } = create(...numbers).apply(
    beam.requestResponse(batches, { maxBatchSize: 10, maxConcurrency: 2 }),
  );
  expect(await valuesOf(responses)).toEqual(numbers.map((n) => n * 2));
  expect(asked).toHaveLength(101);
  expect(asked.flat()).toEqual(numbers);
});

test.each([{ gives: [1] }, { gives: undefined }, { gives: 'ab' }])(
  'a batch caller that gives $gives for two requests fails the pipeline',
  async ({ gives }) => {
    const caller = { callBatch: () => gives as number[] };
    const { failures } = create(1, 2).apply(beam.requestResponse(caller));
    await expect(valuesOf(failures)).rejects.toThrow(
      'callBatch must give an array of one for each of 2 requests: received',
    );
  },
);

test('a cache answers equal requests, by value, as long as it has room', async () => {
  const asked: unknown[] = [];
  const caller = {
    call(request: { readonly a?: unknown; readonly b?: unknown }) {
      asked.push(request);
      return asked.length;
    },
  };
  const at = new Date(0);
  const requests = [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    { a: '1', b: 2 },
    { a: at },
    { a: at.toJSON() },
    { a: 1, b: 2 },
  ];
  const run = (maxEntries: number) => {
    asked.length = 0;
    const cache = beam.inMemoryCache<(typeof requests)[number], number>({ maxEntries });
    const transform = beam.requestResponse(caller, { cache, maxConcurrency: 1 });
    return valuesOf(create(...requests).apply(transform).responses);
  };
  // One at a time, as those under way at a time are all asked.
  expect(await run(100)).toEqual([1, 1, 2, 3, 4, 1]);
  expect(await run(1)).toEqual([1, 1, 2, 3, 4, 5]);
});

test('batches ask for what the cache has not, and remember what they get', async () => {
  const { asked, batches } = doubling();
  const known = new Map<number, number>([[2, 40]]);
  const cache = {
    get: (n: number) => Promise.resolve(known.get(n)),
    set: (n: number, response: number) => void known.set(n, response),
  };
  const { responses } = create(1, 2, 3).apply(beam.requestResponse(batches, { cache }));
  expect(await valuesOf(responses)).toEqual([2, 40, 6]);
  expect(asked).toEqual([[1, 3]]);
  expect([...known]).toEqual([
    [2, 40],
    [1, 2],
    [3, 6],
  ]);
});

test('an interrupt aborts calls under way', async () => {
  const interrupt = new AbortController();
  let reason: unknown;
  const caller = {
    call: (_: number, { signal }: beam.CallContext) =>
      new Promise<number>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject((reason = new Error('aborted'))));
        interrupt.abort(new Error('interrupted'));
      }),
  };
  const { responses } = create(1).apply(beam.requestResponse(caller));
  await expect(collect(responses, { signal: interrupt.signal })).rejects.toThrow('interrupted');
  await expect.poll(() => reason).toBeInstanceOf(Error);
});

test.each([
  { text: '120', want: 121_000 },
  { text: ' 0 ', want: 1000 },
  { text: 'Thu, 01 Jan 1970 00:01:00 GMT', want: 60_000 },
  { text: 'soon', want: undefined },
  { text: '', want: undefined },
  { text: null, want: undefined },
  { text: undefined, want: undefined },
  { text: { seconds: 2 }, want: 3000 },
  { text: new Date(5), want: 5 },
])('retryAtOf() takes $text', ({ text, want }) => {
  expect(retryAtOf(text, 1000)).toBe(want);
});

test.each([
  {
    options: { maxConcurrency: 17 },
    error: 'maxConcurrency must be a whole number, from 1 to 16: received the number 17',
  },
  { options: { retries: 1.5 }, error: 'retries must be a whole number, 0 or more' },
  { options: { rateLimit: { calls: 0 } }, error: 'the calls of rateLimit must be a whole number, 1 or more' },
  { options: { rateLimit: { calls: 1, per: 0 } }, error: 'as the interval of rateLimit must be a duration' },
  { options: { maxBatchSize: 1 }, error: 'received maxBatchSize' },
  { options: { cache: new Map() as never, timeout: -1 }, error: 'as timeout must be a duration' },
  {
    options: { cache: {} as never },
    error: 'cache must have the methods get and set: received an empty object',
  },
])('requestResponse() refuses $options', ({ options, error }) => {
  expect(() => beam.requestResponse<number, number>(doubling().caller, options)).toThrow(error);
});

test('requestResponse() refuses what is no caller', () => {
  for (const wrong of [{}, null, 'http://x', Map]) {
    expect(() => beam.requestResponse(wrong as never)).toThrow('Cannot call a service as');
  }
  expect(() => beam.inMemoryCache({ maxEntries: 0 })).toThrow('maxEntries must be a whole number, 1 or more');
});
