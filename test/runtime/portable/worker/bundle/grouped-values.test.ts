import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';

import type { Coder } from '../../../../../runtime/src/coders/coder.ts';
import type { InputBytes } from '../../../../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../../../../runtime/src/coders/output-bytes.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import { GroupedValues } from '../../../../../runtime/src/portable/worker/bundle/grouped-values.ts';
import { StateReader } from '../../../../../runtime/src/portable/worker/bundle/state-reader.ts';
import type { FromBundleThread } from '../../../../../runtime/src/portable/worker/thread-messages.ts';
import { StateRequestSchema, StateResponseSchema } from '../../../../../runtime/src/proto/fn-api.ts';

const VALUE = new ValueCoder();

/** These values, cut to pages of so many bytes, whatever is in them; tells how many were read. */
function pagesOf(values: readonly unknown[], pageBytes: number) {
  const out = new OutputBytes();
  for (const value of values) VALUE.encode(value, out);
  const bytes = out.take();
  const reads: number[] = [];
  const readSync = (after: Uint8Array) => {
    const at = after.length === 0 ? 0 : Number(Buffer.from(after).toString());
    reads.push(at);
    const end = Math.min(at + pageBytes, bytes.length);
    const next = end < bytes.length ? Buffer.from(String(end)) : new Uint8Array();
    return { data: bytes.slice(at, end), next };
  };
  return { reads, pages: { readSync, read: (after: Uint8Array) => Promise.resolve(readSync(after)) } };
}

const values = [{ word: 'whale' }, 2, 'three', [4, [5]], null, 6n];

test.each([{ pageBytes: 1 }, { pageBytes: 3 }, { pageBytes: 7 }, { pageBytes: 1000 }])(
  'GroupedValues gives all values in order, again and again, in pages of $pageBytes bytes',
  async ({ pageBytes }) => {
    const group = new GroupedValues({ first: ['first'], coder: VALUE, ...pagesOf(values, pageBytes) });
    expect([...group]).toEqual(['first', ...values]);
    expect([...group]).toEqual(['first', ...values]);
    const all: unknown[] = [];
    for await (const value of group) all.push(value);
    expect(all).toEqual(['first', ...values]);
  },
);

test('GroupedValues fetches no page before it is needed', () => {
  const { pages, reads } = pagesOf([1, 2, 3, 4], 2);
  const iterator = new GroupedValues({ first: ['a'], coder: VALUE, pages })[Symbol.iterator]();
  iterator.next();
  expect(reads).toHaveLength(0);
  iterator.next();
  expect(reads).toHaveLength(1);
});

test('GroupedValues refuses a last page that ends within a value', () => {
  const pages = {
    readSync: () => ({ data: Uint8Array.of(4), next: new Uint8Array() }),
    read: () => Promise.reject(new RangeError()),
  };
  const coder: Coder = {
    urn: 'test',
    components: [],
    isDeterministic: true,
    encode: () => undefined,
    decode: (from: InputBytes) => from.raw(2),
  };
  expect(() => [...new GroupedValues({ first: [], coder, pages })]).toThrow(
    /its last page must end after a value/,
  );
});

/** A state service in a thread of its own, as the worker's main thread is to a bundle thread: answers with the page asked for. */
function stateService() {
  const { port1, port2 } = new MessageChannel();
  const requests = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const worker = new Worker(
    `const { workerData: { requests, answers, signal } } = require('node:worker_threads');
     requests.on('message', (message) => {
       answers.postMessage(message);
       Atomics.add(new Int32Array(signal), 0, 1);
       Atomics.notify(new Int32Array(signal), 0);
     });`,
    {
      eval: true,
      workerData: { requests: requests.port2, answers: port2, signal },
      transferList: [requests.port2, port2],
    },
  );
  onTestFinished(async () => {
    port1.close();
    requests.port1.close();
    await worker.terminate();
  });
  const asked: string[] = [];
  const post = (message: FromBundleThread) => {
    if (message.kind !== 'state') throw new TypeError(message.kind);
    const { instructionId, stateKey, request } = fromBinary(StateRequestSchema, message.request);
    const key = stateKey?.type.case === 'runner' ? Buffer.from(stateKey.type.value.key).toString() : '';
    const after = request.case === 'get' ? Buffer.from(request.value.continuationToken).toString() : '';
    asked.push(`${instructionId} ${key} ${after}`);
    const response = create(
      StateResponseSchema,
      key === 'bad'
        ? { error: 'no such key' }
        : {
            response: {
              case: 'get',
              value: { data: Buffer.from(`page ${after}`), continuationToken: Buffer.from('next') },
            },
          },
    );
    requests.port1.postMessage({ token: message.token, response: toBinary(StateResponseSchema, response) });
  };
  return { reader: new StateReader({ signal, port: port1 }, post), asked };
}

const place = (key: string, after = '') => ({
  instructionId: '1',
  key: { case: 'runner' as const, value: { key: Buffer.from(key) } },
  what: 'the values of a group',
  after: Buffer.from(after),
});

test('StateReader waits for a page with its thread stopped, and with others running', async () => {
  const { reader, asked } = stateService();
  expect(Buffer.from(reader.readSync(place('k')).data).toString()).toBe('page ');
  const pending = reader.read(place('k', 'a'));
  // Its answer may come while the thread is stopped for another.
  expect(Buffer.from(reader.readSync(place('k', 'b')).data).toString()).toBe('page b');
  expect(Buffer.from((await pending).data).toString()).toBe('page a');
  expect(asked).toEqual(['1 k ', '1 k a', '1 k b']);
});

test('StateReader says what the runner said, if it has no page', async () => {
  const { reader } = stateService();
  expect(() => reader.readSync(place('bad'))).toThrow(
    /Cannot read the values of a group .* received no such key/,
  );
  await expect(reader.read(place('bad'))).rejects.toThrow(/no such key/);
});
