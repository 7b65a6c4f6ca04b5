import { create, toBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Coder } from '../../../../../runtime/src/coders/coder.ts';
import { DOUBLE_CODER } from '../../../../../runtime/src/coders/double.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import * as beam from '../../../../../runtime/src/index.ts';
import { STEP_URN } from '../../../../../runtime/src/portable/step-payload.ts';
import type { ProcessBundleSplitResponse } from '../../../../../runtime/src/proto/fn-api.ts';
import { IsBounded_Enum, ParDoPayloadSchema } from '../../../../../runtime/src/proto/runner-api.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner, decodeAll, encodeAll } from '../../../../support/bundle-runner.ts';

const VALUE = new ValueCoder();
const PAIRED = new KVCoder(VALUE, VALUE);
const SIZED = new KVCoder(PAIRED, DOUBLE_CODER);
const PROCESS = 'sdf_process_sized_element_and_restrictions';

interface Sized {
  readonly key: { readonly key: unknown; readonly value: { readonly restriction: beam.OffsetRange } };
  readonly value: number;
}

type Work = beam.Restriction<beam.OffsetRange, number>;

/** Offsets up to the element, of which a gate lets so many through. */
function counting({ isBounded = true, gate }: { isBounded?: boolean; gate?: Gate } = {}) {
  const provider: beam.RestrictionProvider<number, beam.OffsetRange, number> = {
    isBounded,
    initialRestriction: (stop) => beam.offsetRange(0, stop),
    createTracker: (range) => new beam.OffsetRangeTracker(range),
    split: (_, range) => beam.splitOffsetRange(range, 4),
    truncate: (_, { start, stop }) => (stop > 100 ? undefined : beam.offsetRange(start, stop)),
  };
  return {
    kind: 'parDo',
    doFn: {
      name: 'Count',
      async *process(
        _: number,
        { work, watermark }: { readonly work: Work; readonly watermark: beam.ManualWatermarkEstimator },
      ) {
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
          watermark.setWatermark(n * 10);
          yield new beam.TimestampedValue(n, n * 10);
          await gate?.pass(n);
        }
      },
    },
    context: {
      work: beam.restrictionParam(provider),
      watermark: beam.watermarkEstimatorParam(beam.manualWatermarkEstimator()),
    },
    tags: [],
  };
}

/** Holds a DoFn after an offset, until it is opened. */
class Gate {
  readonly #at: number;
  #open: () => void = () => undefined;
  #arrive: () => void = () => undefined;
  readonly opened: Promise<void>;
  readonly arrived: Promise<void>;

  constructor(at: number) {
    this.#at = at;
    this.opened = new Promise((resolve) => (this.#open = resolve));
    this.arrived = new Promise((resolve) => (this.#arrive = resolve));
  }

  async pass(n: number): Promise<void> {
    if (n !== this.#at) return;
    this.#arrive();
    await this.opened;
  }

  open(): void {
    this.#open();
  }
}

function partRunner(
  part: string,
  coders: { readonly input: Coder; readonly output: Coder },
  spec: object | ((copy: number) => object),
) {
  const runner = new BundleRunner((copy) => ({
    spec: typeof spec === 'function' ? (spec as (copy: number) => object)(copy) : spec,
  }));
  const step = { kind: 'spec', name: 'Count', export: 'spec' };
  const doFn = { urn: STEP_URN, payload: Buffer.from(JSON.stringify(step)) };
  const payload = toBinary(
    ParDoPayloadSchema,
    create(ParDoPayloadSchema, { doFn, restrictionCoderId: 'value' }),
  );
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', coders.input)
      .transform('Count', `beam:transform:${part}:v1`, {
        inputs: { in: 'in' },
        outputs: { main: 'out' },
        payload,
      })
      .pcollection('out', coders.output)
      .sink('sink', 'out', coders.output)
      .build(),
  );
  return runner;
}

const sized = (stop: number, start = 0): Sized => ({
  key: { key: stop, value: { restriction: { start, stop }, estimatorState: 0 } as never },
  value: stop - start,
});
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
const rangeOf = (bytes: Uint8Array = new Uint8Array()) =>
  decodeAll(bytes, SIZED).map(({ value }) => (value as Sized).key.value.restriction)[0];

test('BundleThread pairs an element with its restriction, and splits and sizes it', async () => {
  const pair = partRunner('sdf_pair_with_restriction', { input: VALUE, output: PAIRED }, counting());
  const paired = (await pair.run('1', { input: [10], coder: VALUE, sinks: { sink: PAIRED } })).sink ?? [];
  expect(paired).toEqual([
    { key: 10, value: { restriction: { start: 0, stop: 10 }, estimatorState: beam.MIN_TIMESTAMP } },
  ]);
  const split = partRunner('sdf_split_and_size_restrictions', { input: PAIRED, output: SIZED }, counting());
  const { sink } = await split.run('1', { input: paired, coder: PAIRED, sinks: { sink: SIZED } });
  expect((sink as Sized[]).map(({ key, value }) => [key.value.restriction, value])).toEqual([
    [{ start: 0, stop: 4 }, 4],
    [{ start: 4, stop: 8 }, 4],
    [{ start: 8, stop: 10 }, 2],
  ]);
});

test('BundleThread makes restrictions as short as their provider says, when a job is drained', async () => {
  const runner = partRunner('sdf_truncate_sized_restrictions', { input: SIZED, output: SIZED }, counting());
  const { sink } = await runner.run('1', {
    input: [sized(10), sized(1000)],
    coder: SIZED,
    sinks: { sink: SIZED },
  });
  expect((sink as Sized[]).map(({ key }) => key.value.restriction)).toEqual([{ start: 0, stop: 10 }]);
});

/** Has a bundle of elements split in two where the gate of the first is. */
async function splitAt(at: number, fraction: number, inputs: readonly Sized[]) {
  const gate = new Gate(at);
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, counting({ gate }));
  runner.begin('1');
  runner.data('1', encodeAll(inputs, SIZED));
  await gate.arrived;
  const split = await runner.split('1', { fraction, elements: inputs.length });
  gate.open();
  const { residualRoots } = await runner.response('1');
  expect(residualRoots).toEqual([]);
  return { split, values: runner.output('1', 'sink', VALUE).map(({ value }) => value as number) };
}

test('BundleThread splits the element under way, and tells the runner both of its parts', async () => {
  const { split, values } = await splitAt(3, 0, [sized(10)]);
  expect(split.channelSplits).toMatchObject([{ lastPrimaryElement: -1n, firstResidualElement: 1n }]);
  expect(rangeOf(split.primaryRoots[0]?.element)).toEqual({ start: 0, stop: 4 });
  const { application } = split.residualRoots[0] ?? {};
  expect(rangeOf(application?.element)).toEqual({ start: 4, stop: 10 });
  expect(application).toMatchObject({
    transformId: 'Count',
    inputId: 'in',
    isBounded: IsBounded_Enum.BOUNDED,
  });
  const { main } = application?.outputWatermarks ?? {};
  expect(main === undefined ? undefined : timestampMs(main)).toBe(30);
  expect(values).toEqual([0, 1, 2, 3]);
});

test('BundleThread gives back what it is asked for of elements and of the one under way: each offset is worked on once', async () => {
  const residualOf = (
    { channelSplits, residualRoots }: ProcessBundleSplitResponse,
    inputs: readonly Sized[],
  ) => {
    const first = Number(channelSplits[0]?.firstResidualElement ?? inputs.length);
    const roots = residualRoots.flatMap(({ application }) => rangeOf(application?.element) ?? []);
    return [...roots, ...inputs.slice(first).map(({ key }) => key.value.restriction)];
  };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.nat(4),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(19),
      async (length, others, fraction, where) => {
        const inputs = [
          sized(length),
          ...range(0, others).map((n) => sized(100 * (n + 1) + 3, 100 * (n + 1))),
        ];
        const { split, values } = await splitAt(Math.min(where, length - 1), fraction, inputs);
        const left = residualOf(split, inputs).flatMap(({ start, stop }) => range(start, stop));
        const all = inputs.flatMap(({ key: { value } }) =>
          range(value.restriction.start, value.restriction.stop),
        );
        expect([...values, ...left].sort((a, b) => a - b)).toEqual(all);
      },
    ),
    { numRuns: 60 },
  );
});

test('BundleThread hands back what need not end with the response, when the runner asks for a split', async () => {
  const gate = new Gate(5);
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, counting({ isBounded: false, gate }));
  runner.begin('1');
  runner.data('1', encodeAll([sized(Infinity), sized(Infinity, 50)], SIZED));
  await gate.arrived;
  const split = await runner.split('1', { fraction: 0.5, elements: 2 });
  expect(split.residualRoots).toEqual([]);
  gate.open();
  const { residualRoots } = await runner.response('1');
  const [first, second] = residualRoots.map(({ application }) => application);
  expect(rangeOf(first?.element)).toEqual({ start: 6, stop: Infinity });
  expect(first?.isBounded).toBe(IsBounded_Enum.UNBOUNDED);
  // The second was not begun: either the channel gave it back, or it was handed back as it was.
  if (split.channelSplits.length === 0)
    expect(rangeOf(second?.element)).toEqual({ start: 50, stop: Infinity });
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual(range(0, 6));
});

test('BundleThread ends a bundle of what need not end by itself, after so many elements', async () => {
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, counting({ isBounded: false }));
  runner.begin('1');
  runner.data('1', encodeAll([sized(Infinity)], SIZED));
  const { residualRoots } = await runner.response('1');
  const values = runner.output('1', 'sink', VALUE).map(({ value }) => value as number);
  expect(values).toEqual(range(0, values.length));
  expect(rangeOf(residualRoots[0]?.application?.element)).toEqual({ start: values.length, stop: Infinity });
});

test('BundleThread refuses a part of a step that is not splittable', async () => {
  const plain = { kind: 'parDo', doFn: { process: () => [] }, context: {}, tags: [] };
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, plain);
  runner.begin('1');
  runner.data('1', encodeAll([sized(1)], SIZED));
  await expect(runner.response('1')).rejects.toThrow(/its function must be a splittable DoFn: received spec/);
});

test('BundleThread gives bundles that run at once a splittable DoFn each', async () => {
  const open: number[] = [];
  const runner = partRunner(PROCESS, { input: SIZED, output: VALUE }, (copy: number) => ({
    ...counting(),
    doFn: {
      startBundle: () => undefined,
      async *process(_: number, { work }: { readonly work: Work }) {
        open.push(copy);
        while (open.length < 2) await new Promise((resolve) => setImmediate(resolve));
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield copy;
      },
    },
  }));
  for (const id of ['1', '2']) {
    runner.begin(id);
    runner.data(id, encodeAll([sized(1)], SIZED));
  }
  await Promise.all([runner.response('1'), runner.response('2')]);
  expect(new Set(open).size).toBe(2);
});
