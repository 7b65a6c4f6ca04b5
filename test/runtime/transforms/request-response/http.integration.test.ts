import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../../engine/run-fragment.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Serves GET /<n> on this machine; notes each request, and how many are open at a time. */
async function serve(answer: (n: string, response: ServerResponse, request: IncomingMessage) => void) {
  const seen: string[] = [];
  const open = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    const n = decodeURIComponent((request.url ?? '').slice(1));
    seen.push(n);
    open.most = Math.max(open.most, ++open.now);
    response.on('close', () => open.now--);
    answer(n, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closing.push(close);
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, seen, open, close };
}

/** Gets /<n> as text, as a user's caller would. */
class Get implements beam.Caller<number | string, string> {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async call(n: number | string, { signal }: beam.CallContext): Promise<string> {
    const response = await fetch(`${this.#url}/${encodeURIComponent(n)}`, { signal });
    if (response.ok) return response.text();
    throw new beam.RequestError(`HTTP ${response.status}`, {
      retryAfter: response.headers.get('retry-after'),
      isRetryable: response.status === 429 || response.status >= 500,
    });
  }
}

async function outcomes<Req, Res>(
  requests: readonly Req[],
  transform: beam.PTransform<beam.PCollection<Req>, beam.Responses<Req, Res>>,
) {
  const { responses, failures } = beam.pipeline().apply(beam.create(requests)).apply(transform);
  const bad: beam.BadElement<Req>[] = [];
  const sink = {
    add: (value: unknown) => void bad.push(value as beam.BadElement<Req>),
    close: () => undefined,
  };
  const { values } = await collect(responses, { also: new Map([[failures, sink]]) });
  return { values, failures: bad.map(({ element, error }) => [element, error.message]), bad };
}

const soon = { initial: 1, max: 50 };

test('requestResponse() gives the responses of a server in order, and no more calls at a time than told', async () => {
  const { url, seen, open } = await serve((n, response) => setTimeout(() => response.end(`got ${n}`), 5));
  const requests = [...Array.from({ length: 20 }, (_, n) => `${n}`), 'ü/?'];
  const { values, failures } = await outcomes(
    requests,
    beam.requestResponse(new Get(url), { maxConcurrency: 3 }),
  );
  expect(values).toEqual(requests.map((n) => `got ${n}`));
  expect(failures).toEqual([]);
  expect(seen.toSorted()).toEqual(requests.toSorted());
  expect(open.most).toBe(3);
});

test('a 429 is tried again when its Retry-After says so, and not before', async () => {
  let opensAt: number | undefined;
  const { url, seen } = await serve((_, response) => {
    // A timer's rounding is less than 10 ms.
    if (opensAt !== undefined && Date.now() > opensAt - 10) response.end('at last');
    else response.writeHead(429, { 'Retry-After': '1' }).end();
    opensAt ??= Date.now() + 1000;
  });
  const transform = beam.requestResponse(new Get(url), { retries: 1, backOff: { initial: 1, max: 5000 } });
  expect(await outcomes([1], transform)).toMatchObject({ values: ['at last'], failures: [] });
  expect(seen).toEqual(['1', '1']);
});

test('a Retry-After beyond the longest wait, and a 404, are failures at once', async () => {
  const { url, seen } = await serve((n, response) => {
    if (n === '1') response.writeHead(503, { 'Retry-After': '3600' }).end();
    else if (n === '2') response.writeHead(404).end();
    else response.end('3');
  });
  const { values, failures, bad } = await outcomes(
    [1, 2, 3],
    beam.requestResponse(new Get(url), { backOff: soon, retries: 5 }),
  );
  expect(values).toEqual(['3']);
  expect(failures).toEqual([
    [1, 'HTTP 503'],
    [2, 'HTTP 404'],
  ]);
  expect(bad[0]).toMatchObject({ transform: 'RequestResponse(Get)', error: { name: 'RequestError' } });
  expect(seen.toSorted()).toEqual(['1', '2', '3']);
});

test('a call that takes too long is aborted, and tried again', async () => {
  let aborted = 0;
  const { url, seen } = await serve((n, response, request) => {
    request.on('close', () => {
      if (!response.writableEnded) aborted++;
    });
    if (n === '2') response.end('2');
  });
  const { values, failures } = await outcomes(
    [1, 2],
    beam.requestResponse(new Get(url), { timeout: 100, retries: 1, backOff: soon }),
  );
  expect(values).toEqual(['2']);
  expect(failures).toEqual([[1, 'Took longer than 100 ms']]);
  expect(seen.toSorted()).toEqual(['1', '1', '2']);
  await expect.poll(() => aborted).toBe(2);
});

test('of a server that dies half-way, what it answered is good and all else a failure', async () => {
  const { url, close } = await serve((n, response) => {
    if (Number(n) < 3) response.end(n);
    else {
      response.write('hal');
      response.socket?.destroy();
      void close();
    }
  });
  const { values, failures, bad } = await outcomes(
    [1, 2, 3, 4, 5],
    beam.requestResponse(new Get(url), { maxConcurrency: 1, retries: 1, backOff: soon }),
  );
  expect(values).toEqual(['1', '2']);
  expect(failures.map(([element]) => element)).toEqual([3, 4, 5]);
  expect(bad.every(({ error }) => error.name === 'TypeError' && error.message !== '')).toBe(true);
});

test('a batch is one call, in which single requests may fail', async () => {
  const { url, seen } = await serve((n, response) =>
    response.end(
      n
        .split(',')
        .map((each) => `r${each}`)
        .join(','),
    ),
  );
  const caller: beam.BatchCaller<number, string> = {
    name: 'Batches',
    async callBatch(requests, { signal }) {
      const response = await fetch(`${url}/${requests.join(',')}`, { signal });
      const texts = (await response.text()).split(',');
      return texts.map((text) => (text === 'r4' ? new Error('no 4') : text));
    },
  };
  const { values, failures, bad } = await outcomes(
    [1, 2, 3, 4, 5, 6, 7],
    beam.requestResponse(caller, { maxBatchSize: 3 }),
  );
  expect(values).toEqual(['r1', 'r2', 'r3', 'r5', 'r6', 'r7']);
  expect(failures).toEqual([[4, 'no 4']]);
  expect(bad[0]?.transform).toBe('RequestResponse(Batches)');
  expect(seen).toEqual(['1,2,3', '4,5,6', '7']);
});
