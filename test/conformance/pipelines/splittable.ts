import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { combined, shown } from '../event-time.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

type Work = beam.Restriction<beam.OffsetRange, number>;

const RANGES: readonly Range[] = [
  { from: 0, to: 10 },
  { from: 100, to: 103 },
  { from: 7, to: 7 },
];

/** The offsets of { from, to }, in initial splits of `size`. */
const offsets = (size?: number) =>
  beam.restrictionParam<Range, beam.OffsetRange, number>({
    initialRestriction: ({ from, to }) => beam.offsetRange(from, to),
    createTracker: (range) => new beam.OffsetRangeTracker(range),
    split: (_, range) => (size === undefined ? [range] : beam.splitOffsetRange(range, size)),
  });

const counting = (size?: number) =>
  beam.parDo(
    function* (_: Range, { work }: { readonly work: Work }) {
      for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield n;
    },
    { work: offsets(size) },
  );

/** Leaves what is behind each third offset for later. */
const inSteps = beam.parDo(
  function* (_: Range, { work }: { readonly work: Work }) {
    for (let n = work.currentRestriction().start; work.tryClaim(n);) {
      yield n++;
      if (n % 3 !== 0) continue;
      work.deferRemainder(10);
      return;
    }
  },
  { work: offsets() },
);

/** Claims every seventh offset, and the end. */
const sparse = beam.parDo(
  async function* (_: Range, { work }: { readonly work: Work }) {
    const { start } = work.currentRestriction();
    for (let n = Math.ceil(start / 7) * 7; work.tryClaim(n); n += 7) yield await Promise.resolve(n);
  },
  { work: offsets(5) },
);

const evenAndOdd = beam
  .parDo(
    function* (_: Range, { work }: { readonly work: Work }) {
      for (let n = work.currentRestriction().start; work.tryClaim(n); n++)
        yield n % 2 === 0 ? n : new beam.TaggedOutput('odd', n);
    },
    { work: offsets() },
  )
  .withOutputs('odd');

const letters = beam.parDo(
  function* ({ key, value }: beam.KV<string, string>, { work }: { readonly work: Work }) {
    for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield { key, value: value[n] };
  },
  {
    work: beam.restrictionParam<beam.KV<string, string>, beam.OffsetRange, number>({
      initialRestriction: ({ value }) => beam.offsetRange(0, value.length),
      createTracker: (range) => new beam.OffsetRangeTracker(range),
    }),
  },
);

/** Offsets at their seconds, of which each tenth is left for later. */
const timed = beam.parDo(
  function* (_: Range, { work }: { readonly work: Work }) {
    for (let n = work.currentRestriction().start; work.tryClaim(n);) {
      yield new beam.TimestampedValue({ key: 'all', value: n }, n++ * 1000);
      if (n % 10 !== 0) continue;
      work.deferRemainder();
      return;
    }
  },
  { work: offsets(), watermark: beam.watermarkEstimatorParam(beam.monotonicWatermarkEstimator()) },
);

/** The same as a stream. */
const streaming = beam.parDo(
  function* (_: Range, { work }: { readonly work: Work }) {
    for (let n = work.currentRestriction().start; work.tryClaim(n);) {
      yield new beam.TimestampedValue({ key: 'all', value: n }, n++ * 1000);
      if (n % 10 !== 0) continue;
      work.deferRemainder();
      return;
    }
  },
  {
    work: beam.restrictionParam({ ...offsets().provider, isBounded: false }),
    watermark: beam.watermarkEstimatorParam(beam.monotonicWatermarkEstimator()),
  },
);

const manual = beam.parDo(
  function* (
    _: Range,
    { work, watermark }: { readonly work: Work; readonly watermark: beam.ManualWatermarkEstimator },
  ) {
    for (let n = work.currentRestriction().start; work.tryClaim(n);) {
      watermark.setWatermark(n * 1000);
      yield new beam.TimestampedValue({ key: n % 2, value: n }, n++ * 1000);
      if (n % 8 !== 0) continue;
      work.deferRemainder();
      return;
    }
  },
  { work: offsets(), watermark: beam.watermarkEstimatorParam(beam.manualWatermarkEstimator()) },
);

/** The lines that begin in a range of bytes. */
const lines = beam.parDo(
  async function* (file: string, { work }: { readonly work: Work }) {
    const handle = await open(file);
    try {
      const bytes = await handle.readFile();
      const endOf = (from: number) => {
        const lf = bytes.indexOf(10, from);
        return lf < 0 ? bytes.length : lf + 1;
      };
      const { start } = work.currentRestriction();
      for (let at = start === 0 ? 0 : endOf(start - 1); work.tryClaim(at); at = endOf(at)) {
        const text = bytes.toString('utf8', at, endOf(at));
        yield { key: at, value: text.replace(/[\r\n]+$/, '') };
      }
    } finally {
      await handle.close();
    }
  },
  {
    work: beam.restrictionParam<string, beam.OffsetRange, number>({
      initialRestriction: async (file) => beam.offsetRange(0, (await stat(file)).size),
      createTracker: (range) => new beam.OffsetRangeTracker(range),
      split: (_, range) => beam.splitOffsetRange(range, 64),
    }),
  },
);

export const SPLITTABLE: readonly ConformanceCase[] = [
  {
    name: 'splittable: the offsets of a range',
    build: (p) => {
      const ranges = p.apply(beam.create(RANGES));
      return { whole: ranges.apply(counting()), parts: ranges.apply(counting(4)) };
    },
  },
  {
    name: 'splittable: a DoFn that leaves the rest for later',
    build: (p) => ({ out: p.apply(beam.create(RANGES)).apply(inSteps) }),
  },
  {
    name: 'splittable: claims that leave offsets out',
    build: (p) => ({ out: p.apply(beam.create([{ from: 3, to: 100 }])).apply(sparse) }),
  },
  {
    name: 'splittable: a side input',
    build: (p) => {
      const by = beam.singletonSideInput(p.apply(beam.withName('By', beam.create([3]))));
      const scaled = beam.parDo(
        function* (_: Range, { work, factor }: { work: Work; factor: beam.ElementParam<number> }) {
          for (let n = work.currentRestriction().start; work.tryClaim(n); n++) yield n * factor.lookup();
        },
        { work: offsets(4), factor: by },
      );
      return { out: p.apply(beam.create(RANGES)).apply(scaled) };
    },
  },
  {
    name: 'splittable: outputs by tag',
    build: (p) => {
      const { main, odd } = p.apply(beam.create(RANGES)).apply(evenAndOdd);
      return { even: main, odd };
    },
  },
  {
    name: 'splittable: elements in windows',
    build: (p) => {
      const texts = p
        .apply(
          beam.create<readonly [number, string, string]>([
            [1, 'a', 'für'],
            [12, 'b', 'xy'],
            [13, 'a', ''],
          ]),
        )
        .apply(beam.assignTimestamps(([seconds]) => seconds * 1000))
        .map(([, key, value]) => ({ key, value }));
      const sliding = beam.windows.sliding({ size: { seconds: 10 }, period: { seconds: 5 } });
      return {
        fixed: texts
          .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
          .apply(letters)
          .apply(shown),
        sliding: texts.apply(beam.windowInto(sliding)).apply(letters).apply(shown),
      };
    },
  },
  {
    name: 'splittable: timestamps and watermark estimators',
    build: (p) => {
      const ranges = p.apply(beam.create([{ from: 3, to: 42 }]));
      const inTens = ranges.apply(timed).apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })));
      const inFives = ranges.apply(manual).apply(beam.windowInto(beam.windows.fixed({ seconds: 5 })));
      return {
        monotonic: combined(inTens, beam.sum()),
        manual: inFives.apply(beam.combinePerKey(beam.sum())).apply(shown),
      };
    },
  },
  {
    name: 'splittable: one that need not end, but does',
    build: (p) => {
      const ranges = p.apply(beam.create([{ from: 3, to: 42 }]));
      const inTens = ranges.apply(streaming).apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })));
      return { out: combined(inTens, beam.sum()) };
    },
  },
  {
    name: 'splittable: lines of a file by their bytes',
    build: (p, files) => ({
      out: p.apply(beam.create([path.join(files, 'unicode.txt'), path.join(files, 'dos.txt')])).apply(lines),
    }),
  },
  {
    name: 'splittable: one after another, and a combine between',
    build: (p) => ({
      out: p
        .apply(beam.create(RANGES))
        .apply(counting(4))
        .map((n) => ({ from: n, to: n + (n % 3) }))
        .apply(counting())
        .apply(beam.countPerElement()),
    }),
  },
];
