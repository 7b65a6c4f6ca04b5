import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { InputBytes } from '../../../../runtime/src/coders/input-bytes.ts';
import { ValueCoder } from '../../../../runtime/src/coders/value-coder.ts';
import * as beam from '../../../../runtime/src/index.ts';
import {
  IsBounded_Enum,
  TestStreamPayloadSchema,
  type Pipeline,
} from '../../../../runtime/src/proto/runner-api.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';
import { coderOf, leaves, stepOf } from '../../../support/portable-proto.ts';

/** The events that a runner is told of, each in a line. */
function eventsOf({ components }: Pipeline, id: string): unknown[] {
  const { events } = fromBinary(
    TestStreamPayloadSchema,
    components?.transforms[id]?.spec?.payload ?? new Uint8Array(),
  );
  return events.map(({ event }) => {
    switch (event.case) {
      case 'elementEvent':
        return event.value.elements.map(({ encodedElement, timestamp }) => [
          new ValueCoder().decode(new InputBytes(encodedElement)),
          timestamp,
        ]);
      case 'watermarkEvent':
        return `watermark ${event.value.newWatermark}`;
      case 'processingTimeEvent':
        return `processing time + ${event.value.advanceDuration}`;
      case undefined:
        return undefined;
    }
  });
}

test('toPortable() has the runner play a test stream of bytes, which a step decodes', async () => {
  const stream = beam
    .testStream<string>()
    .addElements([{ value: 'a', timestamp: 5 }])
    .advanceWatermarkTo(10)
    .advanceProcessingTime({ seconds: 2 })
    .addElements([{ value: 'late', timestamp: 1 }]);
  const { proto } = await portableOf([beam.pipeline().apply(stream)]);
  expect(brokenIds(proto)).toEqual([]);
  expect(leaves(proto)).toEqual([
    'TestStream/TestStream: teststream,  > TestStream/TestStream.main',
    'TestStream/Decode: pardo, TestStream/TestStream.main > TestStream.main',
  ]);
  expect(eventsOf(proto, 'TestStream/TestStream')).toEqual([
    [['a', 5n]],
    'watermark 10',
    'processing time + 2000',
    [['late', 1n]],
    'watermark 9223372036854775',
  ]);
  expect(stepOf(proto, 'TestStream/Decode')).toMatchObject({ kind: 'decode', name: 'TestStream' });
  expect(coderOf(proto, 'TestStream/TestStream.main')).toBe('bytes');
  expect(proto.components?.pcollections['TestStream.main']?.isBounded).toBe(IsBounded_Enum.UNBOUNDED);
});

test('toPortable() ends a test stream once', async () => {
  const stream = beam.testStream<number>().addElements([1]).advanceWatermarkToInfinity();
  const { proto } = await portableOf([beam.pipeline().apply(stream)]);
  expect(eventsOf(proto, 'TestStream/TestStream')).toHaveLength(2);
});

test('toPortable() refuses an element of a test stream that is no data, by its step', async () => {
  const stream = beam.testStream<unknown>().addElements([Symbol('none')]);
  await expect(portableOf([beam.pipeline().apply(stream)])).rejects.toThrow(
    /^Cannot ship the elements of "TestStream" as each must be data/,
  );
});
