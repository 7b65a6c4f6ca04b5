import * as beam from 'millrace';
import { expect, test } from 'vitest';
import { batchesOf } from '../conformance/batches.ts';
import type { ConformanceCase } from '../conformance/case.ts';
import { judgeCases } from '../conformance/judge-cases.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A case with one output of these elements, the name and what `of` makes of it. */
const bounded = (name: string, of: (element: string) => unknown = (element) => element): ConformanceCase => ({
  name,
  build: (p) => ({ out: p.apply(beam.create([name, 'ü'])).map(of) }),
});

const stream: ConformanceCase = {
  name: 'stream',
  build: (p) => ({ out: p.apply(beam.testStream<string>().addElements(['a']).advanceWatermarkToInfinity()) }),
};

/** What is compared is bounded, but not all of it. */
const ofStream: ConformanceCase = {
  name: 'of a stream',
  build: (p) => {
    stream.build(p, '/');
    return { out: p.apply(beam.create(['a'])) };
  },
};

const impossible: ConformanceCase = {
  name: 'impossible',
  build: () => {
    throw new RangeError('it cannot be built\nat all');
  },
};

const broken = bounded('broken', () => {
  throw new RangeError('no');
});

const names = (batches: readonly (readonly ConformanceCase[])[]) =>
  batches.map((batch) => batch.map(({ name }) => name).join('+'));

test('batchesOf() puts bounded cases together, and leaves streams and what cannot be built alone', () => {
  const cases = [bounded('a'), stream, bounded('b'), impossible, bounded('c'), ofStream, bounded('d')];
  expect(names(batchesOf(cases, 3))).toEqual(['a+b+c', 'stream', 'impossible', 'of a stream', 'd']);
  expect(names(batchesOf(cases, 1))).toEqual(cases.map(({ name }) => name));
});

const expected = Object.fromEntries(
  ['a', 'b', 'c/d', 'broken', 'impossible'].map((name) => [name, { out: [`"${name}"`, '"\\u00fc"'] }]),
);

/** Judges cases by runs in this process; gives each one's name and verdict, and of each run how many cases it had. */
async function judge(
  cases: readonly ConformanceCase[],
  run: (p: beam.Pipeline) => Promise<unknown> = (p) => p.run(),
) {
  const folder = await temporaryFolder();
  const errors: number[] = [];
  const runs: string[] = [];
  const verdicts = await judgeCases(cases, {
    expected,
    folder,
    run: async (p) => {
      runs.push(p.name);
      await run(p);
    },
    onError: (_, { length }) => void errors.push(length),
  });
  const texts = verdicts.map(({ status, reason }, n) => `${cases[n]?.name}: ${status} ${reason}`.trimEnd());
  return { texts, runs, errors };
}

test('judgeCases() runs cases as one pipeline, whose parts have files of their own', async () => {
  const written: ConformanceCase = {
    name: 'b',
    build: (p, files) => ({
      out: p
        .apply(beam.create(['b', 'ü']))
        .apply(beam.io.writeToText(`${files}/written/b`))
        .flatMap(() => ['b', 'ü']),
    }),
  };
  const { texts, runs } = await judge([bounded('a'), written, bounded('c/d')]);
  expect(texts).toEqual(['a: pass', 'b: pass', 'c/d: pass']);
  expect(runs).toEqual(['a and 2 more']);
});

test('judgeCases() fails by name the one case that gives something else, and runs nothing again', async () => {
  const { texts, runs } = await judge([
    bounded('a'),
    bounded('b', (text) => text.toUpperCase()),
    bounded('c'),
  ]);
  expect(texts).toEqual([
    'a: pass',
    'b: fail out: 2 of 2 missing, 2 extra, missing "b", extra "B"',
    'c: fail test/conformance/beam has no such pipeline',
  ]);
  expect(runs).toHaveLength(1);
});

test.each([
  { one: broken, want: /^broken: fail .*no/ },
  { one: impossible, want: /^impossible: fail it cannot be built$/ },
])(
  'judgeCases() runs each alone where $one.name fails them all, so that it alone fails',
  async ({ one, want }) => {
    const { texts, errors } = await judge([bounded('a'), one, bounded('b')]);
    expect(texts).toEqual(['a: pass', expect.stringMatching(want), 'b: pass']);
    expect(errors).toEqual([3, 1]);
  },
);

test('judgeCases() fails cases that pass alone, and not together', async () => {
  const { texts, runs } = await judge([bounded('a'), bounded('b')], async (p) => {
    if (p.name.includes('more')) throw new RangeError('too many\nof them');
    await p.run();
  });
  const reason = 'fail passes alone; in one job with 1 more: too many';
  expect(texts).toEqual([`a: ${reason}`, `b: ${reason}`]);
  expect(runs).toEqual(['a and 1 more', 'a', 'b']);
});
