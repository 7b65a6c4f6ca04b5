import { fromBinary } from '@bufbuild/protobuf';
import { durationMs, timestampMs, type Duration, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { WindowFn } from '../../model/window-fn.ts';
import type { FunctionSpec } from '../../proto/runner-api.ts';
import {
  FixedWindowsPayload_EnumUrn as FIXED,
  GlobalWindowsPayload_EnumUrn as GLOBAL,
  SessionWindowsPayload_EnumUrn as SESSIONS,
  SlidingWindowsPayload_EnumUrn as SLIDING,
} from '../../proto/urns.ts';
import {
  FixedWindowsPayloadSchema,
  SessionWindowsPayloadSchema,
  SlidingWindowsPayloadSchema,
} from '../../proto/window-fns.ts';
import { fixed } from '../../windowing/fixed-windows.ts';
import { global } from '../../windowing/global-windows.ts';
import { sessions } from '../../windowing/sessions.ts';
import { sliding } from '../../windowing/sliding-windows.ts';

/** One of Beam's own window functions, from its form in a pipeline; undefined for any other. */
export function windowFnFromProto({ urn, payload }: FunctionSpec): WindowFn<unknown> | undefined {
  switch (urn) {
    case GLOBAL.PROPERTIES:
      return global();
    case FIXED.PROPERTIES: {
      const { size, offset } = fromBinary(FixedWindowsPayloadSchema, payload);
      return fixed(msOf(size), { offset: timeOf(offset) });
    }
    case SLIDING.PROPERTIES: {
      const { size, period, offset } = fromBinary(SlidingWindowsPayloadSchema, payload);
      return sliding({ size: msOf(size), period: msOf(period), offset: timeOf(offset) });
    }
    case SESSIONS.PROPERTIES:
      return sessions(msOf(fromBinary(SessionWindowsPayloadSchema, payload).gapSize));
    default:
      return undefined;
  }
}

function msOf(duration: Duration | undefined): number {
  return duration === undefined ? 0 : durationMs(duration);
}

function timeOf(timestamp: Timestamp | undefined): number {
  return timestamp === undefined ? 0 : timestampMs(timestamp);
}
