import { toBinary } from '@bufbuild/protobuf';
import { addMapping, GenMapping, toEncodedMap } from '@jridgewell/gen-mapping';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';

import { ValueCoder } from '../../runtime/src/coders/value-coder.ts';
import { workerErrorFrom } from '../../runtime/src/portable/worker-error.ts';
import type {
  BundleThreadData,
  FromBundleThread,
  ToBundleThread,
} from '../../runtime/src/portable/worker/thread-messages.ts';
import { ProcessBundleDescriptorSchema } from '../../runtime/src/proto/fn-api.ts';
import { DescriptorBuilder } from '../support/bundle-descriptor.ts';
import { decodeAll, encodeAll } from '../support/bundle-runner.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const VALUE = new ValueCoder();
const SCRIPT = new URL('../../runtime/dist/worker-thread.js', import.meta.url);

/** A real bundle thread, with this module and one step of it: `step`. */
async function startThread(module: string) {
  const folder = await temporaryFolder();
  const modulePath = path.join(folder, 'pipeline.mjs');
  const sourceMapPath = `${modulePath}.map`;
  await writeFile(modulePath, module);
  const map = new GenMapping();
  for (let line = 1; line < 40; line++) {
    addMapping(map, { generated: { line, column: 0 }, original: { line, column: 0 }, source: 'cell 7' });
  }
  await writeFile(sourceMapPath, JSON.stringify(toEncodedMap(map)));
  const { port1, port2 } = new MessageChannel();
  const data: BundleThreadData = {
    modulePath,
    sourceMapPath,
    artifactFolder: folder,
    pipelineOptions: {},
    state: { signal: new SharedArrayBuffer(4), port: port2 },
  };
  const worker = new Worker(SCRIPT, { workerData: data, transferList: [port2] });
  onTestFinished(async () => {
    port1.close();
    await worker.terminate();
  });
  const said: FromBundleThread[] = [];
  const waiting: (() => void)[] = [];
  worker.on('message', (message: FromBundleThread) => {
    said.push(message);
    for (const wake of waiting.splice(0)) wake();
  });
  const next = async (isIt: (message: FromBundleThread) => boolean) => {
    for (;;) {
      const found = said.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const tell = (message: ToBundleThread) => worker.postMessage(message);
  const descriptor = new DescriptorBuilder()
    .source('source', 'in', VALUE)
    .step(
      'Step',
      { kind: 'spec', name: 'Step', export: 'step' },
      { from: 'in', to: { main: 'out' }, coder: VALUE },
    )
    .sink('sink', 'out', VALUE)
    .build();
  tell({ kind: 'register', descriptor: toBinary(ProcessBundleDescriptorSchema, descriptor) });
  const begin = (instructionId: string, input: readonly unknown[]) => {
    tell({ kind: 'bundle', instructionId, descriptorId: 'stage' });
    const bytes = encodeAll(input, VALUE);
    tell({ kind: 'data', instructionId, transformId: 'source', bytes, isLast: true });
  };
  const ended = (instructionId: string) =>
    next(
      (message) =>
        (message.kind === 'done' || message.kind === 'failed') && message.instructionId === instructionId,
    );
  const output = (instructionId: string) =>
    decodeAll(
      Buffer.concat(
        said.flatMap((message) =>
          message.kind === 'output' && message.instructionId === instructionId ? [message.bytes] : [],
        ),
      ),
      VALUE,
    ).map(({ value }) => value);
  return { said, next, tell, begin, ended, output };
}

test('a bundle thread runs a captured module, which finds Millrace, and tells what it logs with the instruction', async () => {
  const thread = await startThread(`
    const { TaggedOutput } = globalThis[Symbol.for('millrace.modules')].millrace;
    export const step = { kind: 'parDo', tags: ['odd'], context: {}, doFn: { *process(n) {
      console.warn('seen', n);
      yield n % 2 === 0 ? n : new TaggedOutput('odd', n);
    } } };
  `);
  thread.begin('1', [1, 2, 3, 4]);
  expect(await thread.ended('1')).toMatchObject({ kind: 'done' });
  expect(thread.output('1')).toEqual([2, 4]);
  expect(thread.said.filter(({ kind }) => kind === 'log')).toEqual(
    [1, 2, 3, 4].map((n) => ({
      kind: 'log',
      severity: 'warn',
      message: `seen ${n}`,
      instructionId: '1',
    })),
  );
});

test('a bundle thread runs two bundles at once on two copies of the module', async () => {
  const thread = await startThread(`
    let open = 0;
    class Once {
      async process(element) {
        open += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        const seen = open;
        open -= 1;
        return [element + seen];
      }
    }
    export const step = { kind: 'parDo', tags: [], context: {}, doFn: new Once() };
  `);
  thread.begin('1', ['a']);
  thread.begin('2', ['b']);
  await Promise.all([thread.ended('1'), thread.ended('2')]);
  expect([thread.output('1'), thread.output('2')]).toEqual([['a1'], ['b1']]);
});

test('a bundle thread names the cell and line of an error', async () => {
  const thread = await startThread(`
    function parse(text) {
      throw new TypeError('no number');
    }
    export const step = { kind: 'map', fn: parse, context: {} };
  `);
  thread.begin('1', ['x']);
  const failed = await thread.ended('1');
  const text = failed.kind === 'failed' ? failed.error : '';
  expect(text).toContain('    at parse (cell 7:3:1)');
  expect(workerErrorFrom(text)).toMatchObject({ transform: 'Step', method: 'map', element: 'x' });
});

test('a bundle thread lives on after user code failed where nobody waited; the bundle fails', async () => {
  const thread = await startThread(`
    export const step = { kind: 'map', context: {}, fn: async (element) => {
      if (element !== 'bad') return element;
      void Promise.reject(new RangeError('nobody waits'));
      return new Promise(() => {});
    } };
  `);
  thread.begin('1', ['bad']);
  const failed = await thread.ended('1');
  expect(failed.kind === 'failed' ? failed.error : '').toMatch(
    /user code may fail only where it is waited for: received RangeError: nobody waits/,
  );
  thread.begin('2', ['good']);
  expect(await thread.ended('2')).toMatchObject({ kind: 'done' });
  expect(thread.output('2')).toEqual(['good']);
});

test('a bundle thread says that its module cannot be loaded', async () => {
  const thread = await startThread(`throw new RangeError('at load');`);
  const broken = await thread.next(({ kind }) => kind === 'broken');
  expect(broken).toMatchObject({ error: expect.stringContaining('at load') as string });
});

test('a bundle thread tears its DoFns down before it says that it is closed', async () => {
  const thread = await startThread(`
    export const step = { kind: 'parDo', tags: [], context: {}, doFn: {
      process: (element) => [element],
      async teardown() {
        await new Promise((resolve) => setTimeout(resolve, 20));
        console.log('torn down');
      },
    } };
  `);
  thread.begin('1', [1]);
  await thread.ended('1');
  thread.tell({ kind: 'close' });
  await thread.next(({ kind }) => kind === 'closed');
  expect(thread.said.some((message) => message.kind === 'log' && message.message === 'torn down')).toBe(true);
});
