import { create, toBinary } from '@bufbuild/protobuf';
import { durationMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { BYTES_CODER } from '../../../../../runtime/src/coders/bytes.ts';
import { DOUBLE_CODER } from '../../../../../runtime/src/coders/double.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import type { KV } from '../../../../../runtime/src/model/kv.ts';
import type { UnboundedSource } from '../../../../../runtime/src/model/unbounded-source.ts';
import { STEP_URN } from '../../../../../runtime/src/portable/step-payload.ts';
import { IsBounded_Enum, ParDoPayloadSchema } from '../../../../../runtime/src/proto/runner-api.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner, decodeAll, encodeAll } from '../../../../support/bundle-runner.ts';

const VALUE = new ValueCoder();
const PAIRED = new KVCoder(BYTES_CODER, VALUE);
const SIZED = new KVCoder(PAIRED, DOUBLE_CODER);
const IMPULSE = new Uint8Array();
const HOUR = 3_600_000;

/** Counts to 25, ten numbers an hour, at event times of 100 ms distance. */
const counter: UnboundedSource<number, number> = {
  start: () => Promise.resolve([0]),
  poll(position, { emit, now }) {
    const end = Math.min(25, position + 10);
    for (let n = position; n < end; n++) void emit(n, n * 100);
    const next = end === 25 ? undefined : end;
    return Promise.resolve({ position: next, watermark: end * 100, resumeAt: now + HOUR });
  },
};

/** source → one part of the splittable read → sink. */
function partRunner(
  part: string,
  coders: { readonly input: typeof BYTES_CODER | typeof PAIRED | typeof SIZED; readonly output: object },
  {
    source = counter,
    isBounded = false,
  }: { source?: UnboundedSource<number, number>; isBounded?: boolean } = {},
) {
  const runner = new BundleRunner({ source });
  const step = { kind: 'readUnbounded', name: 'Count', export: 'source', isBounded };
  const doFn = { urn: STEP_URN, payload: Buffer.from(JSON.stringify(step)) };
  const payload = toBinary(
    ParDoPayloadSchema,
    create(ParDoPayloadSchema, { doFn, restrictionCoderId: 'value' }),
  );
  const output = coders.output as typeof VALUE;
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', coders.input)
      .transform('Count', `beam:transform:${part}:v1`, {
        inputs: { in: 'in' },
        outputs: { main: 'out' },
        payload,
      })
      .pcollection('out', output)
      .sink('sink', 'out', output)
      .build(),
  );
  return runner;
}

const PROCESS = 'sdf_process_sized_element_and_restrictions';
const restrictionOf = (parts: readonly object[]) => ({
  key: { key: IMPULSE, value: { restriction: parts, estimatorState: 0 } },
  value: parts.length,
});
const START = restrictionOf([{ position: 0, resumeAt: 0, watermark: 0 }]);

/** Runs a bundle of the process part; gives its values, and what it hands back. */
async function processed(runner: BundleRunner, instructionId: string, input: unknown, timestamp = 0) {
  runner.begin(instructionId);
  runner.data(instructionId, encodeAll([input], SIZED));
  const { residualRoots } = await runner.response(instructionId);
  const values = runner.output(instructionId, 'sink', VALUE).map((each) => [each.value, each.timestamp]);
  return { values, residualRoots, timestamp };
}

test('BundleThread pairs an impulse with all places where a source starts, and sizes them', async () => {
  const pair = partRunner('sdf_pair_with_restriction', { input: BYTES_CODER, output: PAIRED });
  const { sink = [] } = await pair.run('1', {
    input: [IMPULSE],
    coder: BYTES_CODER,
    sinks: { sink: PAIRED },
  });
  const [paired] = sink as KV<Uint8Array, { readonly restriction: unknown }>[];
  expect(paired?.value.restriction).toMatchObject([{ position: 0 }]);
  const split = partRunner('sdf_split_and_size_restrictions', { input: PAIRED, output: SIZED });
  const sized = await split.run('1', { input: sink, coder: PAIRED, sinks: { sink: SIZED } });
  expect(sized.sink).toEqual([{ key: paired, value: 1 }]);
});

test('BundleThread reads what is there, and hands the rest back with its watermark and a delay', async () => {
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE });
  const { values, residualRoots } = await processed(runner, '1', START);
  expect(values).toEqual(Array.from({ length: 10 }, (_, n) => [n, n * 100]));
  expect(residualRoots).toHaveLength(1);
  const { application, requestedTimeDelay } = residualRoots[0] ?? {};
  expect(application).toMatchObject({
    transformId: 'Count',
    inputId: 'in',
    isBounded: IsBounded_Enum.UNBOUNDED,
  });
  const { main } = application?.outputWatermarks ?? {};
  expect(main === undefined ? undefined : timestampMs(main)).toBe(1000);
  const delay = requestedTimeDelay === undefined ? 0 : durationMs(requestedTimeDelay);
  expect(delay).toBeGreaterThan(HOUR - 60_000);
  expect(delay).toBeLessThanOrEqual(HOUR);
});

test('BundleThread goes on where a residual left off, and hands nothing back at the end', async () => {
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE });
  let input: unknown = START;
  const numbers: unknown[] = [];
  for (const id of ['1', '2', '3']) {
    const { values, residualRoots } = await processed(runner, id, input);
    numbers.push(...values.map(([value]) => value));
    const element = residualRoots[0]?.application?.element;
    if (element === undefined) break;
    const [left] = decodeAll(element, SIZED).map(({ value }) => value as typeof START);
    input = restrictionOf(left?.key.value.restriction.map((part) => ({ ...part, resumeAt: 0 })) ?? []); // as if the hour were over
  }
  expect(numbers).toEqual(Array.from({ length: 25 }, (_, n) => n));
});

test('BundleThread takes the earliest watermark of all places of a source', async () => {
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE });
  const { residualRoots } = await processed(
    runner,
    '1',
    restrictionOf([
      { position: 0, resumeAt: 0, watermark: 0 },
      { position: 10, resumeAt: Date.now() + HOUR, watermark: 700 },
    ]),
  );
  const { main } = residualRoots[0]?.application?.outputWatermarks ?? {};
  expect(main === undefined ? undefined : timestampMs(main)).toBe(700);
});

test('BundleThread reads a source that ends in one bundle, and hands nothing back', async () => {
  const quick: UnboundedSource<number, number> = {
    ...counter,
    poll: async (position, options) => ({
      ...(await counter.poll(position, options)),
      resumeAt: options.now + 1,
    }),
  };
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, { source: quick, isBounded: true });
  const { values, residualRoots } = await processed(runner, '1', START);
  expect(values).toHaveLength(25);
  expect(residualRoots).toEqual([]);
});

test('BundleThread ends the reading of what never ends at once soon after the runner asks for a split', async () => {
  const endless: UnboundedSource<number, number> = {
    start: () => Promise.resolve([0]),
    async poll(position, { emit, now }) {
      await emit(position, 0);
      await new Promise((resolve) => setImmediate(resolve));
      return { position: position + 1, watermark: 0, resumeAt: now };
    },
  };
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, { source: endless });
  runner.begin('1');
  runner.data('1', encodeAll([START], SIZED));
  const { channelSplits } = await runner.split('1', { fraction: 0, elements: 1 });
  const { residualRoots } = await runner.response('1');
  expect(channelSplits).toEqual([]);
  expect(residualRoots).toHaveLength(1);
});

test('BundleThread leaves nothing of what need not end when a job is drained', async () => {
  for (const isBounded of [false, true]) {
    const runner = partRunner(
      'sdf_truncate_sized_restrictions',
      { input: SIZED, output: SIZED },
      { isBounded },
    );
    const { sink } = await runner.run('1', { input: [START], coder: SIZED, sinks: { sink: SIZED } });
    expect(sink).toEqual(isBounded ? [START] : []);
  }
});

test('BundleThread names the read whose source failed', async () => {
  const broken: UnboundedSource<number, number> = {
    ...counter,
    poll: () => Promise.reject(new RangeError('no disk')),
  };
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, { source: broken });
  await expect(processed(runner, '1', START)).rejects.toThrow(
    /Cannot read "Count" as its source failed: no disk/,
  );
});
