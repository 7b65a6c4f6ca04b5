import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as beam from 'millrace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureModule } from '../../../runtime/src/capture/capture-module.ts';
import { MODULES } from '../../../runtime/src/capture/captured-module.ts';
import type { PrimitiveSpec } from '../../../runtime/src/model/applied-ptransform.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-transforms-'));
  Object.defineProperty(globalThis, MODULES, { value: { millrace: beam }, configurable: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ships all specs of a pipeline, and gives them back as a worker has them. */
async function shipped(build: (p: beam.Pipeline) => unknown): Promise<PrimitiveSpec[]> {
  const p = beam.pipeline();
  build(p);
  const specs = p.transforms.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
  const { code, sha256 } = await captureModule({
    exports: new Map(specs.map((spec, at) => [`s${at}`, spec])),
    modules: { millrace: beam },
    directory: process.cwd(),
  });
  const file = join(folder, `${sha256}.mjs`);
  writeFileSync(file, code);
  const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, PrimitiveSpec>>;
  return specs.map((_, at) => module[`s${at}`]).filter((spec) => spec !== undefined);
}

/** The CombineFn of a pipeline's one combine, as a worker has it. */
async function shippedCombine(fn: beam.CombineFn<never, unknown, unknown>) {
  const specs = await shipped((p) =>
    p.apply(beam.create([{ key: 'a', value: 1 }])).apply(beam.combinePerKey(fn as never)),
  );
  const spec = specs.find(({ kind }) => kind === 'combinePerKey');
  if (spec?.kind !== 'combinePerKey') throw new TypeError('no combine');
  return spec.fn;
}

/** Combines in two bundles, and merges. */
function combined(fn: beam.CombineFn<unknown, unknown, unknown>, values: readonly unknown[]): unknown {
  const half = Math.floor(values.length / 2);
  const bundles = [values.slice(0, half), values.slice(half)].map((bundle) =>
    bundle.reduce((accumulator, value) => fn.addInput(accumulator, value), fn.createAccumulator()),
  );
  return fn.extractOutput(fn.mergeAccumulators(bundles));
}

test.each([
  { name: 'sum', fn: beam.sum(), want: 15 },
  { name: 'count', fn: beam.count(), want: 5 },
  { name: 'mean', fn: beam.mean(), want: 3 },
  { name: 'min', fn: beam.min(), want: 1 },
  { name: 'max', fn: beam.max(), want: 5 },
  { name: 'top', fn: beam.top<number>(2), want: [5, 4] },
  { name: 'top by', fn: beam.top<number>(2, { by: (n) => -n }), want: [1, 2] },
  { name: 'sample', fn: beam.sample<number>(5, { random: () => 0.5 }), want: [1, 2, 3, 4, 5] },
  { name: 'approximateUnique', fn: beam.approximateUnique<number>({ size: 16 }), want: 5 },
  {
    name: 'approximateQuantiles',
    fn: beam.approximateQuantiles<number>(3, { reverse: true }),
    want: [5, 3, 1],
  },
  { name: 'a binary function', fn: ((a: number, b: number) => a * b) as never, want: 120 },
])('captureModule() ships the CombineFn of $name', async ({ fn, want }) => {
  const there = await shippedCombine(fn);
  expect(combined(there, [1, 2, 3, 4, 5])).toEqual(want);
});

test('captureModule() ships a text source with what it needs to read', async () => {
  const file = join(folder, 'input.txt');
  writeFileSync(file, 'one\ntwo\n');
  const [spec] = await shipped((p) => p.apply(beam.io.readFromText(file)));
  if (spec?.kind !== 'read') throw new TypeError('no source');
  const lines: unknown[] = [];
  const emit = (line: unknown) => void lines.push(line);
  for (const shard of await spec.source.shards()) {
    await spec.source.read(shard, { emit, signal: new AbortController().signal });
  }
  expect(lines).toEqual(['one', 'two']);
});

test('captureModule() ships errors of Millrace as the very classes of the worker', async () => {
  const [spec] = await shipped((p) => p.apply(beam.io.readFromText(join(folder, 'missing.txt'))));
  if (spec?.kind !== 'read') throw new TypeError('no source');
  await expect(spec.source.shards()).rejects.toBeInstanceOf(beam.PipelineError);
});

test('captureModule() ships the functions and DoFns that write text', async () => {
  const specs = await shipped((p) =>
    p.apply(beam.create(['a', 'b'])).apply(beam.io.writeToText(join(folder, 'out'), { suffix: '.txt' })),
  );
  const [write, finalize] = specs.flatMap((spec) =>
    spec.kind === 'parDo' ? [spec.doFn as beam.DoFn<unknown, unknown>] : [],
  );
  await write?.setup?.();
  const written = await write?.process({ key: 0, value: ['a', null, 'b'] }, {});
  write?.finishBundle?.({});
  await finalize?.process({ key: 0, value: written }, {});
  expect(readFileSync(join(folder, 'out-00000-of-00001.txt'), 'utf8')).toBe('a\nb\n');
});

test('captureModule() ships the functions of every other transform', async () => {
  const specs = await shipped((p) => {
    const words = p.apply(beam.create(['a', 'b', 'a']));
    const pairs = words.map((word) => ({ key: word, value: 1 }));
    return [
      words.apply(beam.countPerElement()),
      words.apply(beam.distinct()),
      words.apply(beam.countGlobally()),
      words.apply(beam.combineGlobally(beam.top<string>(1))),
      words.apply(beam.groupBy((word) => word)),
      words.apply(beam.partition(2, (word: string) => (word === 'a' ? 0 : 1))),
      words.apply(beam.flatMap((word: string) => [word, word])),
      words.apply(beam.filter((word: string) => word !== 'a')),
      pairs.apply(beam.keys()),
      pairs.apply(beam.values()),
      pairs.apply(beam.kvSwap()),
      pairs.apply(beam.groupByKey()),
      words.apply(beam.latestGlobally()),
      pairs.apply(beam.latestPerKey()),
      words.apply(beam.logElements()),
      pairs.apply(beam.toStrings.kvs()),
      words.apply(beam.reshuffle()),
      pairs.apply(beam.reshufflePerKey()),
      words.apply(beam.batchElements()),
      pairs.apply(beam.combinePerKey(beam.sum()).withHotKeyFanout((key: string) => (key === 'a' ? 2 : 1))),
      words.apply(beam.combineGlobally(beam.count()).withFanout(2)),
    ];
  });
  const functions = specs.flatMap((spec) => ('fn' in spec && typeof spec.fn === 'function' ? [spec.fn] : []));
  expect(functions.length).toBeGreaterThan(8);
});

test('captureModule() ships patterns of regex', async () => {
  const specs = await shipped((p) =>
    p.apply(beam.create(['xa1', 'b2'])).apply(beam.regex.matches(/([a-z])(\d)/, 2)),
  );
  const fn = specs.find((spec) => spec.kind === 'flatMap')?.fn as (text: string) => Iterable<string>; // of strings
  expect([...fn('xa1'), ...fn('b2'), ...fn('b3')]).toEqual(['2', '3']);
});

test('captureModule() ships withSchema() with a schema of Beam, and all that checks an element', async () => {
  const schema = beam.schema({
    n: 'int64',
    day: 'date?',
    tags: 'array<string>',
    by: 'map<string, row<x: bytes>>',
  });
  const specs = await shipped((p) => {
    const rows = p.apply(beam.create([{}])).apply(beam.withSchema(schema));
    rows.map(({ n }) => schema['~standard'].validate({ n, tags: [], by: new Map() }));
    rows.apply(beam.withSchema(beam.inferSchema([{ at: new Date(0) }])));
  });
  const functions = specs.flatMap((spec) => (spec.kind === 'map' ? [spec.fn] : []));
  const [check, validate, checkInferred] = functions as ((element: unknown) => unknown)[]; // of unknown elements
  const row = { n: 1, day: '2020-02-29', tags: ['a'], by: new Map([['k', { x: Uint8Array.of(1) }]]) };
  expect(check?.(row)).toEqual(row);
  expect(() => check?.({ ...row, day: '2021-02-29' })).toThrow(beam.SchemaMismatchError);
  expect(validate?.({ n: 'x' })).toMatchObject({
    issues: [{ path: ['n'], message: 'expected int64, received the string "x"' }],
  });
  expect(checkInferred?.({ at: new Date(7) })).toEqual({ at: new Date(7) });
  expect(() => checkInferred?.({ at: 7 })).toThrow('at: expected millis_instant, received the number 7');
});

test('captureModule() ships the source and writer of CSV', async () => {
  // Vitest has a helper of its own in place of import(), which those of JSON, Parquet and Avro use: conformance runs them on runners.
  const schema = beam.schema({ n: 'int64', s: 'string?' });
  const rows = [
    { n: 1, s: 'a' },
    { n: 2, s: null },
  ];
  for (const [name, write, read] of [['csv', beam.io.writeToCsv, beam.io.readFromCsv]] as const) {
    const prefix = join(folder, name, 'rows');
    const specs = await shipped((p) => p.apply(beam.create(rows)).apply(write<beam.Row>(prefix, { schema })));
    const [doFn, finalize] = specs.flatMap((spec) =>
      spec.kind === 'parDo' ? [spec.doFn as beam.DoFn<unknown, unknown>] : [],
    );
    const assign = specs.find((spec) => spec.kind === 'map');
    const records = rows.map((row) => (assign?.fn(row as never, {} as never) as { value: unknown }).value);
    await doFn?.setup?.();
    const written = await doFn?.process({ key: 0, value: records }, {});
    doFn?.finishBundle?.({});
    await finalize?.process({ key: 0, value: written }, {});
    const [spec] = await shipped((p) => p.apply(read<beam.Row>(`${prefix}-*`, { schema: schema })));
    if (spec?.kind !== 'read') throw new TypeError('no source');
    const found: unknown[] = [];
    for (const shard of await spec.source.shards()) {
      const emit = (row: unknown) => void found.push(row);
      await spec.source.read(shard, { emit, signal: new AbortController().signal });
    }
    expect(found).toEqual(rows);
  }
});

test('captureModule() ships DoFns with their exceptions handled, and the check of a threshold', async () => {
  class Odd extends Error {}
  const specs = await shipped((p) =>
    p.apply(beam.create([1])).apply(
      beam
        .parDo(async function* (n: number) {
          await Promise.resolve();
          yield n;
          if (n > 1) throw new Odd('odd');
        })
        .withExceptionHandling({
          exceptions: [Odd],
          retries: 1,
          backOff: { initial: 1 },
          timeout: { seconds: 9 },
          threshold: 0.5,
        }),
    ),
  );
  const [doFn] = specs.flatMap((spec) =>
    spec.kind === 'parDo' ? [spec.doFn as beam.DoFn<unknown, unknown>] : [],
  );
  await doFn?.setup?.();
  expect(await doFn?.process(1, {})).toEqual([1, new beam.TaggedOutput('millrace:outcomes', [1, 0])]);
  const [bad, outcome] = (await doFn?.process(2, {})) as beam.TaggedOutput<string, unknown>[];
  expect(bad).toBeInstanceOf(beam.TaggedOutput);
  expect(bad).toMatchObject({ tag: 'bad', value: { element: 2, error: { message: 'odd' } } });
  expect(outcome).toEqual(new beam.TaggedOutput('millrace:outcomes', [1, 1]));
  await doFn?.teardown?.();
  const [check] = specs.flatMap((spec) => (spec.kind === 'flatMap' ? [spec.fn as CheckFn] : []));
  const context = { window: { lookup: () => beam.GLOBAL_WINDOW } };
  expect(check?.([2, 1], context)).toEqual([]);
  expect(() => check?.([3, 2], context)).toThrow(beam.PipelineError);
});

type CheckFn = (outcomes: readonly [number, number], context: object) => unknown;
