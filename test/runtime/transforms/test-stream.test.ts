import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';
import { specOf } from './spec-of.ts';

const at = (value: string, timestamp: number) => ({ value, timestamp });

test('testStream() describes its events in order', () => {
  const stream = beam
    .testStream<string>()
    .addElements([at('a', 1000), at('b', 2000)])
    .advanceWatermarkTo(5000)
    .addElements(['c'])
    .advanceProcessingTime({ seconds: 30 })
    .advanceWatermarkToInfinity();
  expect(specOf(stream)).toEqual({
    kind: 'testStream',
    events: [
      { kind: 'elements', elements: [at('a', 1000), at('b', 2000)] },
      { kind: 'watermark', watermark: 5000 },
      { kind: 'elements', elements: [at('c', 5000)] },
      { kind: 'processingTime', advanceBy: 30_000 },
      { kind: 'watermark', watermark: beam.MAX_TIMESTAMP },
    ],
  });
});

test('testStream() gives values the earliest timestamp before the watermark has moved', () => {
  expect(specOf(beam.testStream<object>().addElements([{ value: 1, timestamp: 2, more: 3 }]))).toMatchObject({
    events: [{ elements: [at({ value: 1, timestamp: 2, more: 3 } as never, beam.MIN_TIMESTAMP)] }],
  });
});

test('testStream() is never changed: each event makes another stream', () => {
  const first = beam.testStream<string>().addElements(['a']);
  const [left, right] = [first.advanceWatermarkTo(10), first.advanceWatermarkTo(5)];
  const watermarks = [left, right, first].map((stream) => {
    const spec = specOf(stream);
    return spec.kind === 'testStream' ? spec.events.slice(1) : undefined;
  });
  expect(watermarks).toEqual([
    [{ kind: 'watermark', watermark: 10 }],
    [{ kind: 'watermark', watermark: 5 }],
    [],
  ]);
});

test('testStream() makes an unbounded PCollection, under the name that it is given', () => {
  const p = beam.pipeline();
  const scores = p.apply(beam.withName('Scores', beam.testStream<number>().addElements([1])));
  expect(scores.isBounded).toBe(false);
  expect(scores.producer.label).toBe('Scores');
});

test.each([
  {
    name: 'a watermark that goes back',
    use: () => beam.testStream().advanceWatermarkTo(5).advanceWatermarkTo(4),
    want: 'Cannot advance the watermark as it must not go back: received 4 after 5',
  },
  {
    name: 'elements after infinity',
    use: () => beam.testStream().advanceWatermarkToInfinity().addElements([1]),
    want: 'its watermark is at infinity',
  },
  {
    name: 'infinity twice',
    use: () => beam.testStream().advanceWatermarkToInfinity().advanceWatermarkToInfinity(),
    want: 'its watermark is at infinity',
  },
  {
    name: 'an element at the end of time',
    use: () => beam.testStream().addElements([{ value: 1, timestamp: beam.MAX_TIMESTAMP }]),
    want: 'Cannot add elements to a test stream as timestamp must be before the end of time',
  },
  {
    name: 'a timestamp that is a text',
    use: () => beam.testStream().addElements([{ value: 1, timestamp: '2026-01-01' }]),
    want: 'timestamp must be a number of milliseconds since the epoch: received the string "2026-01-01"',
  },
  {
    name: 'elements that are no array',
    use: () => beam.testStream().addElements('abc' as never),
    want: 'Cannot add elements to a test stream as they must be an array: received the string "abc"',
  },
  {
    name: 'processing time that goes back',
    use: () => beam.testStream().advanceProcessingTime(-5),
    want: 'Cannot advance processing time as',
  },
])('testStream() refuses $name', ({ use, want }) => {
  expect(use).toThrow(want);
});

test('testStream() comes out of the engine with its timestamps', async () => {
  const stream = beam
    .testStream<string>()
    .addElements([at('a', 1000)])
    .advanceWatermarkTo(5000)
    .addElements(['b']);
  const elements = beam.pipeline().apply(stream);
  const { values, isClosed } = await collect(elements);
  expect({ values, isClosed }).toEqual({ values: ['a', 'b'], isClosed: true });
});
