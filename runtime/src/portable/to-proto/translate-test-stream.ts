import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { OutputBytes } from '../../coders/output-bytes.ts';
import { exactMillis } from '../../coders/timestamp.ts';
import { ValueCoder } from '../../coders/value-coder.ts';
import { PipelineError } from '../../errors.ts';
import type { TestStreamEvent } from '../../model/test-stream-event.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../model/timestamp.ts';
import {
  TestStreamPayload_EventSchema,
  TestStreamPayload_TimestampedElementSchema,
  TestStreamPayloadSchema,
  type TestStreamPayload_Event as Event,
} from '../../proto/runner-api.ts';
import { payloadOf, type Placed, type Translation } from './translation.ts';

/**
 * testStream: the runner's own, of elements that are bytes to it, and a step of ours that decodes them.
 *
 * @throws {PipelineError} for an element that has no bytes.
 */
export function addTestStream(
  placed: Placed & { readonly events: readonly TestStreamEvent[] },
  outputId: string,
  { builder }: Translation,
): void {
  const { name, parent, about } = placed;
  builder.composite({ id: name, parent, about });
  const events = protoEvents(placed.events, name);
  const encoded = builder.testStream({
    id: `${name}/TestStream`,
    parent: name,
    payload: (coderId) =>
      toBinary(TestStreamPayloadSchema, create(TestStreamPayloadSchema, { coderId, events })),
  });
  builder.oneOutput({
    id: `${name}/Decode`,
    parent: name,
    payload: payloadOf(placed, { kind: 'decode' }),
    input: encoded,
    output: 'value',
    outputId,
  });
}

function protoEvents(events: readonly TestStreamEvent[], transform: string): Event[] {
  const all: Event[] = [];
  let watermark = MIN_TIMESTAMP;
  for (const event of events) {
    switch (event.kind) {
      case 'elements': {
        const elements = event.elements.map(({ value, timestamp }) =>
          create(TestStreamPayload_TimestampedElementSchema, {
            encodedElement: encode(value, transform),
            timestamp: exactMillis(timestamp),
          }),
        );
        if (elements.length > 0) all.push(eventOf({ case: 'elementEvent', value: { elements } }));
        break;
      }
      case 'watermark':
        watermark = event.watermark;
        all.push(watermarkEvent(watermark));
        break;
      case 'processingTime': {
        const advanceDuration = BigInt(event.advanceBy);
        all.push(eventOf({ case: 'processingTimeEvent', value: { advanceDuration } }));
      }
    }
  }
  // The model's stream ends with its last event.
  if (watermark < MAX_TIMESTAMP) all.push(watermarkEvent(MAX_TIMESTAMP));
  return all;
}

function watermarkEvent(watermark: number): Event {
  return eventOf({ case: 'watermarkEvent', value: { newWatermark: exactMillis(watermark) } });
}

function eventOf(event: NonNullable<MessageInitShape<typeof TestStreamPayload_EventSchema>['event']>): Event {
  return create(TestStreamPayload_EventSchema, { event });
}

function encode(value: unknown, transform: string): Uint8Array {
  const out = new OutputBytes();
  try {
    new ValueCoder().encode(value, out);
  } catch (cause) {
    if (!(cause instanceof PipelineError)) throw cause;
    throw new PipelineError(
      `Cannot ship the elements of "${transform}" as each must be data: ${cause.message}`,
      { transform, hint: cause.hint, cause },
    );
  }
  return out.take();
}
