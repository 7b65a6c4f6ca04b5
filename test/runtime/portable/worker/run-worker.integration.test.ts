import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { runWorker } from '../../../../runtime/src/portable/worker/run-worker.ts';
import {
  ProcessBundleResponseSchema,
  StateRequestSchema,
  StateResponseSchema,
  type StateGetResponse,
} from '../../../../runtime/src/proto/fn-api.ts';
import { ScriptedRunner, type ScriptedJob } from '../../../support/scripted-runner.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

const THREAD = new URL('../../../support/scripted-bundle-thread.mjs', import.meta.url);
const MEGABYTE = 2 ** 20;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Starts a runner and a worker, which ends with the test. */
async function connect(job: ScriptedJob = {}) {
  const runner = await ScriptedRunner.start(job);
  const ending = new AbortController();
  const folder = await temporaryFolder();
  const ended = runWorker(
    { id: 'job_1', provisionEndpoint: runner.url, folder, threads: 2 },
    { signal: ending.signal, threadScript: THREAD, writeLine: () => undefined },
  );
  onTestFinished(async () => {
    ending.abort();
    await ended;
  });
  await Promise.race([runner.connected(), ended]);
  return { runner, ended };
}

/** Waits until the output of a bundle has come to its end. */
const outputEnded = (runner: ScriptedRunner, id: string) =>
  until(() => Promise.resolve(runner.elements.some((data) => data.instructionId === id && data.isLast)), {
    what: `the output of ${id} has ended`,
  });

test('runWorker() carries elements to a bundle and back, when the runner sends a bundle', async () => {
  const { runner } = await connect();
  const response = await runner.bundle('b1', 'echo', [bytes('one '), bytes('two')]);
  expect(response).toMatchObject({ instructionId: 'b1', error: '', response: { case: 'processBundle' } });
  await outputEnded(runner, 'b1');
  expect(runner.output('b1').toString()).toBe('one two');
  expect([...runner.workerIds]).toEqual(['job_1']);
});

test('runWorker() keeps elements that come before their instruction', async () => {
  const { runner } = await connect();
  await runner.bundle('b1', 'echo', []);
  await runner.send('b2', [bytes('early')]);
  await runner.instruct('b2', { case: 'processBundle', value: { processBundleDescriptorId: 'echo' } });
  await outputEnded(runner, 'b2');
  expect(runner.output('b2').toString()).toBe('early');
});

test('runWorker() takes elements that come with the instruction itself', async () => {
  const { runner } = await connect();
  const data = { transformId: 'source', data: bytes('within'), isLast: true };
  const value = { processBundleDescriptorId: 'echo', elements: { data: [data] } };
  await runner.instruct('b1', { case: 'processBundle', value });
  await outputEnded(runner, 'b1');
  expect(runner.output('b1').toString()).toBe('within');
});

test('runWorker() runs 100 bundles at once', async () => {
  const { runner } = await connect();
  const ids = Array.from({ length: 100 }, (_, i) => `b${i}`);
  const responses = ids.map((id) =>
    runner.instruct(id, { case: 'processBundle', value: { processBundleDescriptorId: 'echo' } }),
  );
  await runner.dataOpen();
  await Promise.all(ids.map((id) => runner.send(id, [bytes(id)])));
  expect((await Promise.all(responses)).map(({ error }) => error)).toEqual(ids.map(() => ''));
  await Promise.all(ids.map((id) => outputEnded(runner, id)));
  expect(ids.map((id) => runner.output(id).toString())).toEqual(ids);
});

test('runWorker() carries one message of 64 MB', async () => {
  const { runner } = await connect();
  const large = new Uint8Array(64 * MEGABYTE).map((_, i) => i * 31);
  const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
  expect(await runner.bundle('b1', 'echo', [large])).toMatchObject({ error: '' });
  await outputEnded(runner, 'b1');
  expect(digest(runner.output('b1'))).toBe(digest(large));
});

test('runWorker() holds the runner back, while a bundle takes nothing', async () => {
  const { runner } = await connect();
  let sent = 0;
  const response = runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'wait' },
  });
  await runner.dataOpen();
  const sending = (async () => {
    for (; sent < 100; sent += 1) {
      await runner.sendElements({ instructionId: 'b1', data: new Uint8Array(MEGABYTE), isLast: false });
    }
    await runner.sendElements({ instructionId: 'b1', data: new Uint8Array(), isLast: true });
  })();
  await until(() => heldMegabytes(runner).then((held) => held > 8), { what: 'the worker holds its limit' });
  expect(await heldMegabytes(runner)).toBeLessThan(10);
  expect(sent).toBeLessThan(60); // the rest of what was sent is in buffers of gRPC
  await runner.instruct('p1', { case: 'processBundleProgress', value: { instructionId: 'b1' } });
  await sending;
  expect(await response).toMatchObject({ error: '' });
  await outputEnded(runner, 'b1');
  expect(runner.output('b1').byteLength).toBe(100 * MEGABYTE);
});

async function heldMegabytes(runner: ScriptedRunner): Promise<number> {
  const before = runner.statuses.length;
  runner.askStatus();
  await until(() => Promise.resolve(runner.statuses.length > before), { what: 'a status' });
  return Number(/input held for bundles: ([\d.]+) MB/.exec(runner.statuses.at(-1) ?? '')?.[1]);
}

test('runWorker() holds a bundle back, while the runner reads nothing', async () => {
  const { runner } = await connect();
  await runner.bundle('b0', 'echo', []);
  await outputEnded(runner, 'b0');
  runner.isReading = false;
  let isAnswered = false;
  const response = runner.bundle('b1', 'flood', []).finally(() => (isAnswered = true));
  await until(() => Promise.resolve(runner.output('b1').byteLength > 0), { what: 'the first output' });
  await runner.instruct('p1', { case: 'processBundleProgress', value: { instructionId: 'b1' } });
  expect(isAnswered).toBe(false);
  runner.resume();
  expect(await response).toMatchObject({ error: '' });
  await outputEnded(runner, 'b1');
  expect(runner.output('b1').byteLength).toBe(599 * 100_000);
});

test("runWorker() answers a thread's question to the state service, which waits for it without its event loop", async () => {
  const { runner } = await connect({
    state: ({ request, instructionId }) =>
      create(StateResponseSchema, {
        response: {
          case: 'get',
          value: { data: bytes(`${instructionId} ${request.case}`), continuationToken: bytes('next') },
        },
      }),
  });
  const request = create(StateRequestSchema, { instructionId: 'b1', request: { case: 'get', value: {} } });
  await runner.bundle('b1', 'state', [toBinary(StateRequestSchema, request)]);
  await outputEnded(runner, 'b1');
  const { response } = fromBinary(StateResponseSchema, runner.output('b1'));
  const { data, continuationToken } = response.value as StateGetResponse; // a get is answered by one
  expect([data, continuationToken].map((part) => Buffer.from(part).toString())).toEqual(['b1 get', 'next']);
});

test('runWorker() ends, though a thread waits for the state service, when the runner ends the control stream', async () => {
  const asked: string[] = [];
  const { runner, ended } = await connect({
    state: ({ id }) => {
      asked.push(id);
      return undefined as never; // and so it gets no answer
    },
  });
  const request = create(StateRequestSchema, { instructionId: 'b1', request: { case: 'get', value: {} } });
  void runner.bundle('b1', 'state', [toBinary(StateRequestSchema, request)]);
  await until(() => Promise.resolve(asked.length === 1), { what: 'the state service is asked' });
  runner.endControl();
  expect(await ended).toBeUndefined();
});

test('runWorker() tells the runner why a bundle failed, and logs it', async () => {
  const { runner } = await connect();
  expect(await runner.bundle('b1', 'fail', [])).toMatchObject({ instructionId: 'b1', error: 'boom' });
  await until(() => Promise.resolve(runner.logs.length > 0), { what: 'a log entry' });
  expect(runner.logs[0]).toMatchObject({ message: 'boom', instructionId: 'b1', severity: 6 });
});

test('runWorker() fails the bundle of a thread that ends, and runs the next in another', async () => {
  const { runner } = await connect();
  const response = await runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'exit' },
  });
  expect(response.error).toContain(
    'Cannot finish the bundle as its thread must go on: received process.exit() in the code of a step',
  );
  expect(await runner.bundle('b2', 'echo', [])).toMatchObject({ error: '' });
});

test('runWorker() fails each bundle with the reason, when the captured module cannot be loaded', async () => {
  const { runner } = await connect({ info: { pipelineOptions: { broken: 'no such function' } } });
  const request = { case: 'processBundle', value: { processBundleDescriptorId: 'echo' } } as const;
  expect(await runner.instruct('b1', request)).toMatchObject({ error: 'no such function' });
  expect(await runner.instruct('b2', request)).toMatchObject({ error: 'no such function' });
});

test('runWorker() fails the bundle whose data stream the runner ends, and opens another for the next', async () => {
  const { runner } = await connect();
  const response = runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'wait' },
  });
  await runner.dataOpen();
  runner.endData();
  expect((await response).error).toContain('The runner closed the data stream');
  expect(await runner.bundle('b2', 'echo', [bytes('again')])).toMatchObject({ error: '' });
});

test('runWorker() gives a bundle its timers as it gives it elements', async () => {
  const { runner } = await connect();
  const response = runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'echo' },
  });
  await runner.dataOpen();
  runner.sendTimers('b1', bytes('tick'));
  await runner.sendElements({ instructionId: 'b1', data: bytes(''), isLast: true });
  expect((await response).error).toBe('');
  await outputEnded(runner, 'b1');
  expect(runner.output('b1').toString()).toBe('tick');
});

test('runWorker() sends what user code prints as log entries', async () => {
  const { runner } = await connect();
  await runner.bundle('b1', 'print', [bytes('hello\nworld')]);
  await until(() => Promise.resolve(runner.logs.length === 2), { what: 'two log entries' });
  expect(runner.logs.map(({ message, thread }) => ({ message, thread }))).toEqual([
    { message: 'hello', thread: 'bundles-1' },
    { message: 'world', thread: 'bundles-1' },
  ]);
});

const RESPONSE = toBinary(
  ProcessBundleResponseSchema,
  create(ProcessBundleResponseSchema, {
    requiresFinalization: true,
    monitoringInfos: [
      {
        urn: 'beam:metric:element_count:v1',
        type: 'beam:metrics:sum_int64:v1',
        labels: { PCOLLECTION: 'pc' },
        payload: Uint8Array.of(5),
      },
    ],
  }),
);

test('runWorker() gives monitoring infos short ids, and says what they mean, to a runner that takes them', async () => {
  const { runner } = await connect({
    info: { runnerCapabilities: ['beam:protocol:monitoring_info_short_ids:v1'] },
  });
  const { response } = await runner.bundle('b1', 'respond', [RESPONSE]);
  expect(response).toMatchObject({ value: { monitoringInfos: [] } });
  const [[id, payload] = ['', undefined]] = Object.entries(
    response.case === 'processBundle' ? response.value.monitoringData : {},
  );
  expect([...(payload ?? [])]).toEqual([5]);
  const meaning = await runner.instruct('m1', {
    case: 'monitoringInfos',
    value: { monitoringInfoId: [id] },
  });
  expect(meaning.response.value).toMatchObject({
    monitoringInfo: { [id]: { urn: 'beam:metric:element_count:v1', labels: { PCOLLECTION: 'pc' } } },
  });
});

test('runWorker() sends whole monitoring infos to other runners', async () => {
  const { runner } = await connect();
  const { response } = await runner.bundle('b1', 'respond', [RESPONSE]);
  expect(response.value).toMatchObject({
    monitoringInfos: [{ urn: 'beam:metric:element_count:v1', payload: Buffer.of(5) }],
    monitoringData: {},
  });
});

test('runWorker() lets a bundle be finalized in the thread that ran it', async () => {
  const { runner } = await connect();
  await runner.bundle('b1', 'respond', [RESPONSE]);
  const answer = await runner.instruct('f1', { case: 'finalizeBundle', value: { instructionId: 'b1' } });
  expect(answer).toMatchObject({ error: '', response: { case: 'finalizeBundle' } });
  await until(() => Promise.resolve(runner.logs.length > 0), { what: 'a log entry' });
  expect(runner.logs.map(({ message }) => message)).toEqual(['finalized b1']);
});

test('runWorker() answers what it is asked of a bundle that has ended, but not of an unknown one', async () => {
  const { runner } = await connect();
  await runner.bundle('b1', 'echo', []);
  const progress = (instructionId: string) =>
    runner.instruct(`p-${instructionId}`, { case: 'processBundleProgress', value: { instructionId } });
  const split = await runner.instruct('s1', { case: 'processBundleSplit', value: { instructionId: 'b1' } });
  expect(await progress('b1')).toMatchObject({ error: '', response: { case: 'processBundleProgress' } });
  expect(split).toMatchObject({ error: '', response: { value: { channelSplits: [] } } });
  expect((await progress('b7')).error).toContain('received the instruction id "b7"');
});

test('runWorker() tells its memory and its bundles, when the runner asks', async () => {
  const { runner } = await connect();
  const infos = await runner.instruct('h1', { case: 'harnessMonitoringInfos', value: {} });
  expect(infos.response).toMatchObject({
    case: 'harnessMonitoringInfos',
    value: { monitoringData: { 0: expect.any(Uint8Array) as Uint8Array } },
  });
  void runner.instruct('b1', { case: 'processBundle', value: { processBundleDescriptorId: 'wait' } });
  await runner.dataOpen();
  const told = async (text: string) => {
    await heldMegabytes(runner);
    return runner.statuses.at(-1)?.includes(text);
  };
  await until(() => told('instruction b1, descriptor wait, bundles-1'), { what: 'it tells of its bundle' });
  expect(runner.statuses.at(-1)).toContain('MILLRACE WORKER job_1');
});

test('runWorker() fails each bundle with the reason, when an artifact cannot be staged', async () => {
  const { runner } = await connect({
    info: {
      dependencies: [
        { typeUrn: 'beam:artifact:type:file:v1', roleUrn: 'beam:artifact:role:other:v1' } as never,
      ],
    },
  });
  const response = await runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'echo' },
  });
  expect(response.error).toContain('its role must be beam:artifact:role:staging_to:v1');
});

test('runWorker() ends with the reason, when all connections are cut', async () => {
  const { runner, ended } = await connect();
  await runner.cut();
  expect((await ended)?.message).toMatch(/UNAVAILABLE|CANCELLED/);
});
