import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HOST = Symbol.for('millrace.notebook');
const defaults = { ...ib.options };
let shown: string[];

/** A notebook around us, which keeps the text of what it is asked to show. */
beforeEach(async () => {
  ib.options.cacheRoot = await temporaryFolder();
  shown = [];
  const host: ib.NotebookHost = {
    display(bundle, { displayId } = {}) {
      const text = bundle.data['text/plain'];
      if (displayId === undefined) shown.push(typeof text === 'string' ? text : '');
    },
    clearOutput: () => undefined,
    signal: new AbortController().signal,
    executionCount: 1,
    variableName: () => 'ticks',
  };
  Reflect.set(globalThis, HOST, host);
});
afterEach(() => {
  Object.assign(ib.options, defaults);
  Reflect.deleteProperty(globalThis, HOST);
});

/** One number a second, for ever; beside a test stream, whose clock lets a minute pass in no time. */
function ticks(): beam.PCollection<number> {
  const p = beam.pipeline('ticks');
  const clock = p.apply(beam.testStream<number>());
  const sequence = p.apply(beam.generateSequence({ rate: { elements: 1, per: { seconds: 1 } } }));
  return beam.P([clock, sequence]).apply(beam.flatten());
}

test('collect() of an unbounded PCollection gives what comes within recordingDuration, a minute', async () => {
  expect((await ib.collect(ticks())).length).toBe(60);
  ib.options.recordingDuration = { seconds: 5 };
  expect(await ib.collect(ticks())).toEqual([0, 1, 2, 3, 4]);
});

test('collect() and head() of an unbounded PCollection end after their own duration, or with n', async () => {
  expect(await ib.collect(ticks(), { duration: { seconds: 3 } })).toEqual([0, 1, 2]);
  expect(await ib.collect(ticks(), { n: 2 })).toEqual([0, 1]);
  expect(await ib.head(ticks(), 70, { duration: 2000 })).toEqual([0, 1]);
});

/** Sums of ten seconds each. */
const sums = () =>
  ticks()
    .apply(beam.assignTimestamps((n) => n * 1000))
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .map((value) => ({ key: 'all', value }))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ value }) => value);

test('collect() of a grouping of an unbounded PCollection gives also what is in windows that are still open', async () => {
  expect(await ib.collect(sums(), { duration: { seconds: 25 } })).toEqual([45, 145, 20 + 21 + 22 + 23 + 24]);
});

test('show() of an unbounded PCollection says that it is a sample, of how long, and keeps nothing of it', async () => {
  await ib.show(ticks(), { duration: { seconds: 7 } });
  await ib.show(ticks(), { duration: { seconds: 7 } });
  for (const text of shown) {
    expect(text).toMatch(
      /^ticks · sample of 7 s of a stream that need not end; computed in .*: "GenerateSequence" need not end, so it runs every time\n/,
    );
    expect(text).not.toContain('not kept');
    expect(text).toMatch(/first 7 elements \(sample\)/);
  }
  expect(shown.length).toBe(2);
});

test('show() of the first elements of an unbounded PCollection names no duration that had no part in it', async () => {
  await ib.show(ticks(), { n: 3 });
  expect(shown[0]).toMatch(/^ticks · sample of a stream that need not end; computed/);
});

test('show() of the first panes of an unbounded grouping ends once they are there', async () => {
  const perKey = ticks()
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .map((value) => ({ key: 'all', value }))
    .apply(beam.combinePerKey(beam.sum()));
  await ib.show(perKey, { n: 2 });
  expect(shown[0]).toMatch(/^ticks · sample of a stream that need not end; computed/);
  expect(shown[0]).toMatch(/first 2 elements \(sample\)/);
});

test('an unbounded PCollection displays itself, for as long as recordingDuration says', async () => {
  ib.options.recordingDuration = 4000;
  const display = Reflect.get(ticks(), Symbol.for('Jupyter.display')) as () => Promise<object>; // the convention
  const bundle = await display.call(ticks());
  expect(Reflect.get(bundle, 'text/plain')).toMatch(/sample of 4 s of a stream that need not end/);
});

test('show() of a test stream is the whole, however much processing time passes in it, and can be cached', async () => {
  const stream = beam
    .testStream<string>()
    .addElements(['a'])
    .advanceProcessingTime({ hours: 1 })
    .addElements(['b']);
  await ib.show(beam.pipeline().apply(stream));
  await ib.show(beam.pipeline().apply(stream));
  expect(shown[0]).toMatch(/^ticks · computed/);
  expect(shown[0]).toMatch(/\n2 elements/);
  expect(shown[1]).toMatch(/^ticks · from the cache/);
});

test('a sequence with a stop is cached unless it reads the clock', async () => {
  const plain = () => beam.pipeline().apply(beam.generateSequence({ stop: 5 }));
  const paced = () =>
    beam.pipeline().apply(beam.generateSequence({ stop: 5, rate: { elements: 1000, per: 1000 } }));
  for (const build of [plain, plain, paced, paced]) await ib.show(build());
  expect(shown.map((text) => /^ticks · (from the cache|computed)/.exec(text)?.[1])).toEqual([
    'computed',
    'from the cache',
    'computed',
    'computed',
  ]);
  expect(shown[3]).toContain('"GenerateSequence" reads the clock, so it runs every time');
});

test('collect() of watched files gives what they hold by the end of its duration', async () => {
  const file = join(await temporaryFolder(), 'a.log');
  appendFileSync(file, 'one\ntwo\n');
  const watched = beam.pipeline().apply(beam.io.watchText(file, { pollInterval: 10 }));
  expect(await ib.collect(watched, { duration: 50 })).toEqual(['one', 'two']);
});

test('collect() and show() refuse a duration that is none', async () => {
  await expect(ib.collect(ticks(), { duration: 0 })).rejects.toThrow('Cannot collect as duration must be');
  await expect(ib.show(ticks(), { duration: -1 })).rejects.toThrow('Cannot show as duration must be');
  ib.options.recordingDuration = 'a minute' as never;
  await expect(ib.collect(ticks())).rejects.toThrow('as options.recordingDuration must be');
});
