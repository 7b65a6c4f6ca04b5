import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { TestClock } from '../../../runtime/src/engine/clock.ts';
import * as beam from '../../../runtime/src/index.ts';
import { collect, type CollectOptions } from './run-fragment.ts';

interface Numbers {
  readonly from: number;
  readonly to: number;
}

type Work = beam.Restriction<beam.OffsetRange, number>;

/** The numbers of a range, as offsets; initial splits of `size` offsets. */
function numbers(size = Infinity): beam.RestrictionProvider<Numbers, beam.OffsetRange, number> {
  return {
    initialRestriction: ({ from, to }) => beam.offsetRange(from, to),
    createTracker: (range) => new beam.OffsetRangeTracker(range),
    split: (_, range) => (size === Infinity ? [range] : beam.splitOffsetRange(range, size)),
  };
}

/** Emits each number of its restriction; notes where each call begins. */
function emitNumbers({ size = Infinity, begun = [] }: { size?: number; begun?: number[] } = {}) {
  return beam.parDo(
    {
      name: 'Numbers',
      *process(_: Numbers, { work }: { readonly work: Work }) {
        const { start } = work.currentRestriction();
        begun.push(start);
        for (let n = start; work.tryClaim(n); n++) yield n;
      },
    },
    { work: beam.restrictionParam(numbers(size)) },
  );
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** Emits numbers from 0 on for ever, a second apart in event time, and says so. */
function endless({ emit = (n: number) => n, truncate = undefined as number | undefined } = {}) {
  return beam.parDo(
    {
      name: 'Endless',
      *process(
        _: unknown,
        { work, watermark }: { readonly work: Work; readonly watermark: beam.ManualWatermarkEstimator },
      ) {
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
          watermark.setWatermark(n * 1000);
          yield new beam.TimestampedValue(emit(n), n * 1000);
        }
      },
    },
    {
      work: beam.restrictionParam<unknown, beam.OffsetRange, number>({
        initialRestriction: () => beam.offsetRange(0, Infinity),
        createTracker: (offsets) => new beam.OffsetRangeTracker(offsets),
        isBounded: false,
        ...(truncate !== undefined && {
          truncate: (_, { start }) => beam.offsetRange(start, Math.max(start, truncate)),
        }),
      }),
      watermark: beam.watermarkEstimatorParam(beam.manualWatermarkEstimator()),
    },
  );
}

const source = (p: beam.Pipeline) => p.apply(beam.create([{ from: 0, to: 10 }]));

describe('A splittable DoFn', () => {
  test('works on the initial splits of each element, in their order', async () => {
    const begun: number[] = [];
    const ranges = [
      { from: 0, to: 10 },
      { from: 100, to: 103 },
      { from: 7, to: 7 },
    ];
    const out = beam
      .pipeline()
      .apply(beam.create(ranges))
      .apply(emitNumbers({ size: 4, begun }));
    expectTypeOf(out).toEqualTypeOf<beam.PCollection<number>>();
    expect(out.isBounded).toBe(true);
    const { values, isClosed } = await collect(out);
    expect(values).toEqual([...range(0, 10), ...range(100, 103)]);
    expect(begun).toEqual([0, 4, 8, 100]);
    expect(isClosed).toBe(true);
  });

  test('gives the same wherever its restrictions are split, however many elements a bundle has', async () => {
    const numbersOf = fc.tuple(fc.nat(50), fc.nat(30)).map(([from, length]) => ({ from, to: from + length }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(numbersOf, { maxLength: 5 }),
        fc.record({
          size: fc.integer({ min: 1, max: 12 }),
          restrictionElements: fc.integer({ min: 1, max: 9 }),
          bundleSize: fc.integer({ min: 1, max: 9 }),
          isAsync: fc.boolean(),
        }),
        async (elements, { size, isAsync, ...options }) => {
          const sync = emitNumbers({ size });
          const slow = beam.parDo(
            async function* (_: Numbers, { work }: { readonly work: Work }) {
              for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
                if (n % 3 === 0) await Promise.resolve();
                yield n;
              }
            },
            { work: beam.restrictionParam(numbers(size)) },
          );
          const input = beam.pipeline().apply(beam.create(elements));
          const { values } = await collect(input.apply(isAsync ? slow : sync), options);
          expect(sorted(values)).toEqual(sorted(elements.flatMap(({ from, to }) => range(from, to))));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('hands the rest back, and goes on when its time has come', async () => {
    const clock = new TestClock();
    const calls: [start: number, at: number][] = [];
    const pausing = beam.parDo(
      function* (_: Numbers, { work }: { readonly work: Work }) {
        const { start } = work.currentRestriction();
        calls.push([start, clock.now()]);
        for (let n = start; work.tryClaim(n); n++) {
          yield n;
          if (n % 4 !== 3) continue;
          work.deferRemainder(3_600_000);
          return;
        }
      },
      { work: beam.restrictionParam(numbers()) },
    );
    const { values } = await collect(source(beam.pipeline()).apply(pausing), { clock });
    expect(values).toEqual(range(0, 10));
    expect(calls).toEqual([
      [0, 0],
      [4, 3_600_000],
      [8, 7_200_000],
    ]);
  });

  test('claims nothing any more once it has deferred the rest', async () => {
    const answers: boolean[] = [];
    const deferring = beam.parDo(
      function* (_: Numbers, { work }: { readonly work: Work }) {
        const { start } = work.currentRestriction();
        if (work.tryClaim(start)) yield start;
        work.deferRemainder();
        answers.push(work.tryClaim(start + 1));
        work.deferRemainder();
      },
      { work: beam.restrictionParam(numbers()) },
    );
    const { values } = await collect(source(beam.pipeline()).apply(deferring));
    expect(values).toEqual(range(0, 10));
    expect(answers).toEqual(range(0, 10).map(() => false));
  });

  test('has its own tracker and its own life: setup once, and a bundle around each part', async () => {
    const life: string[] = [];
    const lively: beam.DoFn<
      Numbers,
      number,
      { readonly work: beam.RestrictionParam<beam.OffsetRange, number> }
    > = {
      setup: () => void life.push('setup'),
      startBundle: () => void life.push('start'),
      *process(_, { work }) {
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield n;
      },
      finishBundle: () => void life.push('finish'),
      teardown: () => void life.push('teardown'),
    };
    const out = source(beam.pipeline()).apply(beam.parDo(lively, { work: beam.restrictionParam(numbers()) }));
    await collect(out, { restrictionElements: 6 });
    expect(life).toEqual(['setup', 'start', 'finish', 'start', 'finish', 'teardown']);
  });

  test('emits to tagged outputs, and with timestamps', async () => {
    const even = beam.parDo(
      function* (_: Numbers, { work }: { readonly work: Work }) {
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
          const at = new beam.TimestampedValue(n, n * 10);
          yield n % 2 === 0 ? at : new beam.TaggedOutput('odd', at);
        }
      },
      { work: beam.restrictionParam(numbers()) },
    );
    const { main, odd } = source(beam.pipeline()).apply(even.withOutputs('odd'));
    expectTypeOf(main).toEqualTypeOf<beam.PCollection<number>>();
    expectTypeOf(odd).toEqualTypeOf<beam.PCollection<number>>();
    const at = beam.map((n: number, { ts }: { readonly ts: beam.ElementParam<number> }) => [n, ts.lookup()], {
      ts: beam.timestampParam(),
    });
    expect((await collect(main.apply(at))).values).toEqual([0, 2, 4, 6, 8].map((n) => [n, n * 10]));
    expect((await collect(odd.apply(at))).values).toEqual([1, 3, 5, 7, 9].map((n) => [n, n * 10]));
  });

  test('waits for its side inputs', async () => {
    const p = beam.pipeline();
    const factor = p.apply(beam.create([3]));
    const scaled = source(p).apply(
      beam.parDo(
        function* (
          _: Numbers,
          { work, by }: { readonly work: Work; readonly by: beam.ElementParam<number> },
        ) {
          for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield n * by.lookup();
        },
        { work: beam.restrictionParam(numbers()), by: beam.singletonSideInput(factor) },
      ),
    );
    expect((await collect(scaled, { restrictionElements: 3 })).values).toEqual(
      range(0, 10).map((n) => n * 3),
    );
  });

  test('is called for each window of an element that looks at its window', async () => {
    const seen: string[] = [];
    const out = beam
      .pipeline()
      .apply(beam.createTimestamped([{ value: { from: 0, to: 3 }, timestamp: 7000 }]))
      .apply(beam.windowInto(beam.windows.sliding({ size: { seconds: 10 }, period: { seconds: 5 } })))
      .apply(
        beam.parDo(
          function* (
            _: Numbers,
            { work, window }: { readonly work: Work; readonly window: beam.ElementParam<beam.BoundedWindow> },
          ) {
            for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
              seen.push(`${n} before ${beam.maxTimestamp(window.lookup()) + 1}`);
              yield n;
            }
          },
          { work: beam.restrictionParam(numbers()), window: beam.windowParam() },
        ),
      );
    expect(sorted((await collect(out)).values)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(seen.sort()).toEqual(
      ['0', '1', '2'].flatMap((n) => [`${n} before 10000`, `${n} before 15000`]).sort(),
    );
  });
});

describe('A splittable DoFn that need not end', () => {
  const counts = (out: beam.PCollection<number>) =>
    out
      .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
      .apply(beam.map((n) => ({ key: 'all', value: n })))
      .apply(beam.groupByKey())
      .apply(beam.map(({ value }) => sorted([...value])));

  test('makes an unbounded PCollection, whose watermark is that of its estimator', async () => {
    const out = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(endless());
    expect(out.isBounded).toBe(false);
    const { values } = await collect(counts(out), { limit: 2, restrictionElements: 7 });
    expect(values).toEqual([range(0, 10), range(10, 20)]);
  });

  test('is split by the number of its elements, so that what follows goes on', async () => {
    const p = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(endless());
    expect((await collect(counts(p), { limit: 3 })).values).toHaveLength(3);
  });

  test('is dropped when its time is over, and what it has emitted comes out', async () => {
    const clock = new TestClock();
    const ticking = endless({
      emit: (n) => {
        clock.advance(100);
        return n;
      },
    });
    const out = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(ticking);
    const { values, isClosed } = await collect(counts(out), {
      clock,
      duration: 2500,
      restrictionElements: 5,
    });
    expect(values).toEqual([range(0, 10), range(10, 20), range(20, 25)]);
    expect(isClosed).toBe(false); // more could have come
  });

  test('does what its provider leaves to do when its time is over', async () => {
    const clock = new TestClock();
    const ticking = endless({
      truncate: 12,
      emit: (n) => {
        clock.advance(100);
        return n;
      },
    });
    const out = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(ticking);
    const { values } = await collect(out, { clock, duration: 200, restrictionElements: 5 });
    expect(values).toEqual(range(0, 12));
  });

  test('takes turns with the restrictions of other elements', async () => {
    const out = beam
      .pipeline()
      .apply(beam.create(['a', 'b']))
      .apply(endless());
    const { values } = await collect(out, { limit: 20, restrictionElements: 5 });
    expect(sorted(values)).toEqual(sorted([...range(0, 10), ...range(0, 10)]));
  });

  test('ends when the run is aborted', async () => {
    const ending = new AbortController();
    const out = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(
        endless({
          emit: (n) => {
            if (n === 50_000) ending.abort(new Error('enough'));
            return n;
          },
        }),
      )
      .apply(beam.filter(() => false));
    await expect(collect(out, { signal: ending.signal })).rejects.toThrow('enough');
  });

  test('without an estimator holds the watermark back until it is done', async () => {
    const clock = new TestClock();
    const silent = beam.parDo(
      function* (_: string, { work }: { readonly work: Work }) {
        for (let n = work.currentRestriction().start; work.tryClaim(n); n++) {
          clock.advance(100);
          yield new beam.TimestampedValue(n, n * 1000);
        }
      },
      {
        work: beam.restrictionParam<string, beam.OffsetRange, number>({
          initialRestriction: () => beam.offsetRange(0, Infinity),
          createTracker: (offsets) => new beam.OffsetRangeTracker(offsets),
          isBounded: false,
        }),
      },
    );
    const order: string[] = [];
    const out = beam
      .pipeline()
      .apply(beam.create(['start']))
      .apply(silent);
    const noted = out.apply(
      beam.map((n) => {
        order.push(`element ${n}`);
        return n;
      }),
    );
    const panes = counts(noted).apply(
      beam.map((pane) => {
        order.push(`pane of ${pane.length}`);
        return pane;
      }),
    );
    await collect(panes, { clock, duration: 1500, restrictionElements: 4 });
    expect(order.slice(0, 15)).toEqual(range(0, 15).map((n) => `element ${n}`));
    expect(order.slice(-2)).toEqual(['pane of 10', expect.stringMatching(/^pane of /)]);
  });
});

describe('A faulty splittable DoFn', () => {
  const failing = async (
    provider: Partial<beam.RestrictionProvider<Numbers, beam.OffsetRange, number>>,
    process = function* (_: Numbers, { work }: { readonly work: Work }) {
      for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield n;
    },
    options: CollectOptions = {},
  ) => {
    const context = { work: beam.restrictionParam({ ...numbers(), ...provider }) };
    const doFn: beam.DoFn<Numbers, number, typeof context> = { name: 'Faulty', process };
    return await collect(source(beam.pipeline()).apply(beam.parDo(doFn, context)), options).catch(
      (error: unknown) => String(error),
    );
  };
  const broken = () => {
    throw new Error('no such table');
  };

  test('is told that it left something unclaimed, rather than losing it', async () => {
    const lazy = function* (_: Numbers, { work }: { readonly work: Work }) {
      for (let n = 0; n < 3 && work.tryClaim(n); n++) yield n;
    };
    expect(await failing({}, lazy)).toMatch(
      /Faulty.*threw in checkDone: Cannot end the work on offsets 0 to 10 as all of them must be claimed: received claims up to 2/s,
    );
  });

  test('is named with the method that failed and the element', async () => {
    for (const method of ['initialRestriction', 'createTracker', 'split'] as const) {
      const said = await failing({ [method]: broken });
      expect(said).toContain('Faulty');
      expect(said).toContain(method);
      expect(said).toContain('no such table');
    }
  });

  test('is refused what is no iterable of restrictions, no delay, and no timestamp', async () => {
    expect(await failing({ split: () => 3 as never })).toMatch(
      /Cannot split the work of "ParDo\(Faulty\)" as split must return an iterable of restrictions: received the number 3/,
    );
    const never = function* (_: Numbers, { work }: { readonly work: Work }) {
      work.deferRemainder(Infinity);
      yield 1;
    };
    expect(await failing({}, never)).toMatch(
      /Cannot defer the work of "ParDo\(Faulty\)" as the delay must be a number/,
    );
    const dated = function* (_: Numbers, { work }: { readonly work: Work }) {
      work.tryClaim(0);
      yield new beam.TimestampedValue(1, new Date() as never) as never;
    };
    expect(await failing({}, dated)).toMatch(
      /Cannot assign a timestamp in "ParDo\(Faulty\)".*received a Date for the number 1/,
    );
  });

  test('fails the run, also where its tracker fails when the time of a bundle is over', async () => {
    const tracker = (offsets: beam.OffsetRange) => {
      const own = new beam.OffsetRangeTracker(offsets);
      own.trySplit = broken;
      return own;
    };
    expect(await failing({ createTracker: tracker }, undefined, { restrictionElements: 3 })).toMatch(
      /Faulty.*threw in trySplit: no such table/,
    );
  });

  test('is refused when it is applied: beside state, in a map, with two restrictions', () => {
    const work = beam.restrictionParam(numbers());
    const apply = (context: object, transform: 'map' | 'parDo' = 'parDo') =>
      source(beam.pipeline()).apply(
        transform === 'map' ? beam.map((x) => x, context) : beam.parDo(() => [], context),
      );
    expect(() => apply({ work, seen: beam.valueState() })).toThrow(/keeps no state and sets no timers/);
    expect(() => apply({ work }, 'map')).toThrow(/are for a DoFn: received them in the context of map/);
    expect(() => apply({ work, other: work })).toThrow(/a DoFn has one restriction: received 2/);
    const watermark = beam.watermarkEstimatorParam(beam.manualWatermarkEstimator());
    expect(() => apply({ watermark })).toThrow(/received one without a restriction/);
    expect(() =>
      source(beam.pipeline()).apply(beam.parDo(() => [], { work }).withExceptionHandling()),
    ).toThrow(/received a splittable DoFn, which handles its errors itself/);
    expect(() => beam.restrictionParam({} as never)).toThrow(/must have the method initialRestriction/);
    expect(() => beam.watermarkEstimatorParam(3 as never)).toThrow(
      /initialEstimatorState: received the number 3/,
    );
  });
});
