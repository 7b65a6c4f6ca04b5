import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';

const HOST = Symbol.for('millrace.notebook');
const defaults = { ...ib.options };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-show-'));
  ib.options.cacheRoot = folder;
});
afterEach(async () => {
  Object.assign(ib.options, defaults);
  Reflect.deleteProperty(globalThis, HOST);
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** A notebook around us, which keeps what it is asked to show. */
function notebook(abort = new AbortController()) {
  const shown: { text: string; mimes: string[]; displayId: string | undefined; update: boolean }[] = [];
  const host: ib.NotebookHost = {
    display(bundle, { displayId, update = false } = {}) {
      const text = bundle.data['text/plain'];
      shown.push({
        text: typeof text === 'string' ? text : '',
        mimes: Object.keys(bundle.data).sort(),
        displayId,
        update,
      });
    },
    clearOutput: () => undefined,
    signal: abort.signal,
    executionCount: 1,
    variableName: () => 'squares',
  };
  Reflect.set(globalThis, HOST, host);
  return { shown, abort };
}

const numbers = (n: number) =>
  beam.pipeline('numbers').apply(beam.create(Array.from({ length: n }, (_, i) => i)));

test('collect() gives the elements as an array, and n of them where asked', async () => {
  const squares = numbers(5).map((x) => x * x);
  expect(await ib.collect(squares)).toEqual([0, 1, 4, 9, 16]);
  expect(await ib.collect(squares, { n: 2 })).toEqual([0, 1]);
  expect(await ib.collect(squares, { n: 0 })).toEqual([]);
});

test.each([-1, 1.5, NaN])('collect() refuses n = %s', async (n) => {
  await expect(ib.collect(numbers(1), { n })).rejects.toThrow(
    `Cannot collect as n must be a whole number, 0 or more: received ${n}`,
  );
});

test('head() gives the first five, also of a PCollection without an end', async () => {
  const endless = numbers(1).flatMap(function* () {
    for (let i = 0; ; i++) yield i;
  });
  expect(await ib.head(endless)).toEqual([0, 1, 2, 3, 4]);
});

test('what was collected can be changed without changing what is collected next', async () => {
  const pairs = numbers(2).map((x) => ({ x }));
  const [first] = await ib.collect(pairs);
  if (first !== undefined) first.x = 99;
  expect(await ib.collect(pairs)).toEqual([{ x: 0 }, { x: 1 }]);
  const [again] = await ib.collect(pairs);
  if (again !== undefined) again.x = 98;
  expect(await ib.collect(pairs)).toEqual([{ x: 0 }, { x: 1 }]);
});

test('show() shows table and graph in a notebook, under the name of the variable', async () => {
  const { shown } = notebook();
  await ib.show(numbers(3).map((x) => x * x));
  const [view, ...others] = shown;
  expect(others).toEqual([]);
  expect(view?.mimes).toEqual(['text/html', 'text/plain']);
  expect(view?.text).toMatch(/^squares/);
  expect(view?.text).toContain('Create');
  expect(view?.text).toContain('3 elements');
});

test('show() adds a Vega-Lite chart when it is asked to visualize', async () => {
  const { shown } = notebook();
  await ib.show(
    numbers(50).map((x) => x * x),
    { visualize: true },
  );
  expect(shown.map(({ mimes }) => mimes)).toEqual([
    ['text/html', 'text/plain'],
    ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'],
  ]);
});

test('show() of a sample says so, and includeWindowInfo adds the columns', async () => {
  const { shown } = notebook();
  await ib.show(numbers(1000), { n: 3, includeWindowInfo: true });
  expect(shown[0]?.text).toMatch(/sample/i);
  expect(shown[0]?.text).toMatch(/event time\s+window\s+pane/);
});

test('show() of several PCollections runs what they share once', async () => {
  notebook();
  const seen: number[] = [];
  Reflect.set(globalThis, 'millraceTestSeen', seen);
  const doubled = numbers(3).map((x) => {
    (Reflect.get(globalThis, 'millraceTestSeen') as number[]).push(x);
    return x * 2;
  });
  await ib.show(
    doubled.map((x) => x + 1),
    doubled.map((x) => x - 1),
  );
  expect(seen).toEqual([0, 1, 2]);
});

test('show() prints text in a script', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await ib.show(numbers(2));
  expect(log).toHaveBeenCalledOnce();
  expect(String(log.mock.calls[0]?.[0])).toMatch(/^Create/);
});

test('show() refuses what is no PCollection', async () => {
  await expect(ib.show()).rejects.toThrow('Cannot show as it takes PCollections');
});

test('showGraph() runs nothing, and shows what is known of the last execution', async () => {
  const { shown } = notebook();
  const squares = numbers(3).map((x) => x * x);
  await ib.showGraph(squares);
  expect(shown[0]?.text).toContain('Map');
  expect(shown[0]?.text).not.toContain('3 elements');
  await ib.collect(squares);
  await ib.showGraph(squares.pipeline);
  expect(shown[1]?.text).toContain('3 elements');
});

test('a PCollection displays itself by the convention of notebooks', async () => {
  notebook();
  const squares = numbers(3);
  // The convention names a method that gives the MIME bundle.
  const display = Reflect.get(squares, Symbol.for('Jupyter.display')) as () => Promise<object>;
  expect(Object.keys(await display.call(squares))).toContain('text/html');
});

test('the interrupt of a cell ends what it collects', async () => {
  const { abort } = notebook();
  const stuck = numbers(1).map(() => new Promise<number>(() => undefined));
  const collected = ib.collect(stuck);
  setTimeout(() => abort.abort(new beam.InterruptedError()), 5);
  await expect(collected).rejects.toThrow('Interrupted');
});

test('long work shows one progress bar, updated in place, and ends it', async () => {
  const { shown } = notebook();
  const slow = numbers(60).map(async (x) => {
    await new Promise((resolve) => setTimeout(resolve, x < 50 ? 120 : 1));
    return x;
  });
  await ib.collect(slow);
  expect(shown.length).toBeGreaterThan(1);
  expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
  expect(shown.map(({ update }) => update)).toEqual([false, ...shown.slice(1).map(() => true)]);
  expect(shown.at(-1)?.text).toMatch(/done/);
});

/** Takes about 700 ms: long enough for a bar. */
const slowly = () =>
  numbers(60).map(async (x) => {
    await new Promise((resolve) => setTimeout(resolve, x < 50 ? 120 : 1));
    return x;
  });

test('the progress bar of a view goes away when the view appears', async () => {
  const { shown } = notebook();
  await ib.show(slowly());
  const bar = shown.filter(({ displayId }) => displayId !== undefined);
  expect(bar.length).toBeGreaterThan(1);
  expect(bar.at(-1)?.text).toBe('');
  expect(shown.at(-1)?.text).toContain('60 elements');
});

test('the progress bar of interrupted work says so, once, also where the work never settles', async () => {
  const { abort, shown } = notebook();
  const collected = ib.collect(slowly().map((x) => (x < 55 ? x : new Promise<number>(() => undefined))));
  setTimeout(() => abort.abort(new beam.InterruptedError()), 1000);
  await expect(collected).rejects.toThrow('Interrupted');
  expect(shown.at(-1)?.text).toMatch(/interrupted after/);
  expect(shown.filter(({ text }) => /failed|interrupted/.test(text)).length).toBe(1);
});

test('options.enableCaching = false computes anew and writes nothing', async () => {
  ib.options.enableCaching = false;
  const { shown } = notebook();
  await ib.show(numbers(2));
  await ib.show(numbers(2));
  expect(shown.map(({ text }) => text.includes('caching is off'))).toEqual([true, true]);
});

test('pipeline.run() runs all branches, and gives the counters', async () => {
  const p = beam.pipeline();
  const words = p.apply(beam.create(['a', 'bb']));
  words.map((word, { letters }) => letters.increment(word.length), { letters: beam.counter('letters') });
  expect(await p.run()).toMatchObject({ state: 'DONE', counters: { Map: { letters: 3 } } });
});
