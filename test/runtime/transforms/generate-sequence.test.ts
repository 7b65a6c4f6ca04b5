import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { pollSource } from '../../support/poll-source.ts';
import { collect } from '../engine/run-fragment.ts';
import { sourceOf, specOf } from './spec-of.ts';

const sequence = (options?: beam.GenerateSequenceOptions) => sourceOf(beam.generateSequence(options));
const text = ({ elements }: Awaited<ReturnType<typeof pollSource>>) =>
  elements.map(({ value, timestamp }) => `${String(value)}@${timestamp}`).join(' ');

test('generateSequence() counts from start to before stop, with the earliest timestamp', async () => {
  const { elements, isEnded } = await pollSource(sequence({ start: 3, stop: 6 }), { now: 5000 });
  expect(elements.map(({ value }) => value)).toEqual([3, 4, 5]);
  expect(new Set(elements.map(({ timestamp }) => timestamp))).toEqual(new Set([beam.MIN_TIMESTAMP]));
  expect(isEnded).toBe(true);
});

test('generateSequence() of nothing ends at once', async () => {
  expect(await pollSource(sequence({ start: 3, stop: 3 }))).toMatchObject({ elements: [], isEnded: true });
});

test('generateSequence() without a stop gives as many as are taken, at once, with the time of now', async () => {
  const endless = sequence();
  const [position] = await endless.start(7000);
  const emitted: string[] = [];
  const emit = (value: number, timestamp: number) => void emitted.push(`${value}@${timestamp}`);
  const options = { emit, limit: 2, signal: new AbortController().signal };
  const first = await endless.poll(position, { ...options, now: 7000 });
  const second = await endless.poll(first.position, { ...options, now: 7010 });
  expect(emitted).toEqual(['0@7000', '1@7000', '2@7010', '3@7010']);
  expect(second).toMatchObject({ watermark: 7010, resumeAt: 7010 });
});

test('generateSequence() stops in the middle of a poll when it is aborted', async () => {
  const abort = new AbortController();
  const timestampFn = (n: number) => {
    if (n === 5) abort.abort(new RangeError('enough'));
    return n;
  };
  await expect(pollSource(sequence({ timestampFn }), { signal: abort.signal })).rejects.toThrow('enough');
});

test('generateSequence() at a rate gives each element when it is due, and its due time as its timestamp', async () => {
  const source = sequence({ rate: { elements: 4, per: 1000 }, stop: 6 });
  const polled = await pollSource(source, { now: 100 });
  expect(text(polled)).toBe('0@100 1@350 2@600 3@850 4@1100 5@1350');
  expect(polled.polledAt).toEqual([100, 350, 600, 850, 1100, 1350]);
  expect(polled.watermarks.slice(0, 5)).toEqual([350, 600, 850, 1100, 1350]);
});

test('generateSequence() takes timestamps from timestampFn, and the watermark follows the next one', async () => {
  const source = sequence({ start: 1, stop: 4, timestampFn: (n) => n * 60_000 });
  const polled = await pollSource(source, { limits: [1] });
  expect(text(polled)).toBe('1@60000 2@120000 3@180000');
  expect(polled.watermarks.slice(0, 2)).toEqual([120_000, 180_000]);
});

test('generateSequence() refuses a timestampFn that goes back, or gives no time', async () => {
  await expect(pollSource(sequence({ stop: 9, timestampFn: (n) => -n }), { limits: [1] })).rejects.toThrow(
    'Cannot generate a sequence as timestampFn must not go back: received -1 for 1 after 0',
  );
  const noTime = () => new Date(0) as never;
  await expect(pollSource(sequence({ stop: 9, timestampFn: noTime }))).rejects.toThrow(
    'as the timestamp of 0 must be a number of milliseconds since the epoch: received a Date; give date.getTime()',
  );
});

test('generateSequence() ends after maxReadTime', async () => {
  const source = sequence({ rate: { elements: 1, per: 100 }, maxReadTime: 250 });
  const polled = await pollSource(source, { now: 1000 });
  expect(text(polled)).toBe('0@1000 1@1100 2@1200');
  expect(polled.isEnded).toBe(true);
  expect(specOf(beam.generateSequence({ maxReadTime: 250 }))).toMatchObject({
    isBounded: true,
    isDeterministic: false,
  });
});

test('generateSequence() gives what was due before maxReadTime, also when it is asked late', async () => {
  const source = sequence({ rate: { elements: 1, per: 100 }, maxReadTime: 250 });
  const [position] = await source.start(1000);
  const emitted: number[] = [];
  const emit = (value: number) => void emitted.push(value);
  const polled = await source.poll(position, {
    emit,
    now: 9000,
    limit: 100,
    signal: new AbortController().signal,
  });
  expect(emitted).toEqual([0, 1, 2]);
  expect(polled.position).toBeUndefined();
});

test.each([
  { name: 'no stop', options: {}, want: [false, false] },
  { name: 'a stop', options: { stop: 9 }, want: [true, true] },
  { name: 'a stop and timestampFn', options: { stop: 9, timestampFn: (n: number) => n }, want: [true, true] },
  { name: 'a stop and a rate', options: { stop: 9, rate: { elements: 1, per: 1 } }, want: [true, false] },
])(
  'generateSequence() with $name says whether it ends, and whether it can be cached',
  ({ options, want }) => {
    const spec = specOf(beam.generateSequence(options));
    if (spec.kind !== 'readUnbounded') throw new TypeError(spec.kind);
    expect([spec.isBounded, spec.isDeterministic]).toEqual(want);
  },
);

test('generateSequence() gives the same elements wherever its polls end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        start: fc.integer({ min: -5, max: 5 }),
        count: fc.integer({ min: 0, max: 40 }),
        elements: fc.integer({ min: 1, max: 7 }),
        per: fc.integer({ min: 1, max: 50 }),
        limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      }),
      async ({ start, count, elements, per, limits }) => {
        const source = sequence({ start, stop: start + count, rate: { elements, per } });
        const [whole, inParts] = [await pollSource(source), await pollSource(source, { limits })];
        expect(inParts.elements).toEqual(whole.elements);
        expect(whole.elements.map(({ value }) => value)).toEqual(
          Array.from({ length: count }, (_, i) => start + i),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  { options: { start: 0.5 }, want: 'start must be a whole number: received the number 0.5' },
  { options: { start: 5, stop: 4 }, want: 'stop must not be before start: received 5 to 4' },
  { options: { rate: { elements: 0, per: 1000 } }, want: 'rate.elements must be a number above 0' },
  { options: { rate: { elements: 1, per: 0 } }, want: 'rate.per must be' },
  {
    options: { to: 5 } as never,
    want: 'its options are start, stop, rate, timestampFn, maxReadTime: received to',
  },
  { options: 5 as never, want: 'received the number 5' },
])('generateSequence() refuses $options', ({ options, want }) => {
  expect(() => beam.generateSequence(options)).toThrow(want);
});

test('generateSequence() runs on the engine', async () => {
  const numbers = beam.pipeline().apply(beam.generateSequence({ stop: 25_000 }));
  const { values, isClosed } = await collect(numbers.apply(beam.combineGlobally(beam.sum())));
  expect({ values, isClosed }).toEqual({ values: [(25_000 * 24_999) / 2], isClosed: true });
});
