import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { pollSource } from '../../support/poll-source.ts';
import { collect } from '../engine/run-fragment.ts';
import { sourceOf } from './spec-of.ts';

const impulse = (options: beam.PeriodicImpulseOptions) => sourceOf(beam.periodicImpulse(options));

test('periodicImpulse() emits each time when it comes, before stop, as its own timestamp', async () => {
  const polled = await pollSource(impulse({ start: 1000, stop: 3000, interval: 500 }), { now: 200 });
  expect(polled.elements).toEqual(
    [1000, 1500, 2000, 2500].map((timestamp) => ({ value: timestamp, timestamp })),
  );
  expect(polled.polledAt).toEqual([200, 1000, 1500, 2000, 2500]);
  expect(polled.watermarks.slice(0, 4)).toEqual([1000, 1500, 2000, 2500]);
  expect(polled.isEnded).toBe(true);
});

test('periodicImpulse() begins now and need not end, unless told otherwise', async () => {
  const polled = await pollSource(impulse({ interval: 1000 }), { now: 70, until: 3500 });
  expect(polled.elements.map(({ value }) => value)).toEqual([70, 1070, 2070, 3070]);
  expect(polled.isEnded).toBe(false);
});

test('periodicImpulse() makes up for times that have passed, a poll at most its limit', async () => {
  const source = impulse({ start: -3000, interval: 1000 });
  const polled = await pollSource(source, { until: 1500, limits: [2] });
  expect(polled.elements.map(({ value }) => value)).toEqual([-3000, -2000, -1000, 0, 1000]);
  expect(polled.polledAt).toEqual([0, 0, 1000]);
});

test('periodicImpulse() with applyWindowing puts each element in a window of its own', async () => {
  const minutes = beam
    .pipeline()
    .apply(beam.periodicImpulse({ start: 0, stop: 150_000, interval: { minutes: 1 }, applyWindowing: true }));
  const { values } = await collect(minutes.apply(beam.reify()));
  expect(values.map(({ value, window }) => ({ value, window }))).toEqual(
    [0, 60_000, 120_000].map((start) => ({
      value: start,
      window: { kind: 'interval', start, end: start + 60_000 },
    })),
  );
});

test('periodicSequence() reads several sequences, each on its own', async () => {
  const source = sourceOf(
    beam.periodicSequence([
      { start: 0, stop: 100, interval: 50 },
      { start: 10, stop: 20, interval: 5 },
    ]),
  );
  expect((await pollSource(source)).elements.map(({ value }) => value)).toEqual([0, 10, 15, 50]);
});

test('periodicSequence() is unbounded', () => {
  const p = beam.pipeline();
  expect(p.apply(beam.periodicSequence([{ start: 0, stop: 9, interval: 1 }])).isBounded).toBe(false);
});

test('periodicImpulse() gives the same elements wherever its polls end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        start: fc.integer({ min: -500, max: 500 }),
        length: fc.integer({ min: 0, max: 900 }),
        interval: fc.integer({ min: 1, max: 90 }),
        limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      }),
      async ({ start, length, interval, limits }) => {
        const source = impulse({ start, stop: start + length, interval });
        const { elements } = await pollSource(source, { limits });
        const want: number[] = [];
        for (let next = start; next < start + length; next += interval) want.push(next);
        expect(elements).toEqual(want.map((timestamp) => ({ value: timestamp, timestamp })));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  { options: { interval: 0 }, want: 'Cannot make a periodic impulse as interval must be' },
  { options: { interval: 1, start: 5, stop: 4 }, want: 'stop must not be before start: received 5 to 4' },
  { options: { interval: 1, start: new Date(0) as never }, want: 'received a Date; give date.getTime()' },
  {
    options: { every: 1 } as never,
    want: 'its options are start, stop, interval, applyWindowing: received every',
  },
])('periodicImpulse() refuses $options', ({ options, want }) => {
  expect(() => beam.periodicImpulse(options)).toThrow(want);
});

test('periodicSequence() refuses what is no array, and a PCollection as its input', () => {
  expect(() => beam.periodicSequence({ interval: 1 } as never)).toThrow(
    'Cannot make a periodic sequence as it takes an array of { start, stop, interval }',
  );
  const sequences = beam.pipeline().apply(beam.create([{ interval: 1 }]));
  expect(() => sequences.apply(beam.periodicSequence([{ interval: 1 }]) as never)).toThrow(
    'Cannot apply "PeriodicSequence" as it begins a pipeline',
  );
});
