import { create, toBinary } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { StandardWindowFn } from '../../model/window-fn.ts';
import { FunctionSpecSchema, type FunctionSpec } from '../../proto/runner-api.ts';
import {
  FixedWindowsPayload_EnumUrn as FIXED,
  GlobalWindowsPayload_EnumUrn as GLOBAL,
  SessionWindowsPayload_EnumUrn as SESSIONS,
  SlidingWindowsPayload_EnumUrn as SLIDING,
} from '../../proto/urns.ts';
import {
  FixedWindowsPayloadSchema,
  GlobalWindowsPayloadSchema,
  SessionWindowsPayloadSchema,
  SlidingWindowsPayloadSchema,
} from '../../proto/window-fns.ts';

/** One of the window functions that every runner knows, in Beam's form. @see standard_window_fns.proto */
export function windowFnToProto(standard: StandardWindowFn): FunctionSpec {
  switch (standard.kind) {
    case 'global': {
      const schema = GlobalWindowsPayloadSchema;
      return spec(GLOBAL.PROPERTIES, toBinary(schema, create(schema)));
    }
    case 'fixed': {
      const schema = FixedWindowsPayloadSchema;
      const { size, offset } = standard;
      const payload = { size: durationFromMs(size), offset: timestampFromMs(offset) };
      return spec(FIXED.PROPERTIES, toBinary(schema, create(schema, payload)));
    }
    case 'sliding': {
      const schema = SlidingWindowsPayloadSchema;
      const { size, period, offset } = standard;
      const payload = {
        size: durationFromMs(size),
        period: durationFromMs(period),
        offset: timestampFromMs(offset),
      };
      return spec(SLIDING.PROPERTIES, toBinary(schema, create(schema, payload)));
    }
    case 'sessions': {
      const schema = SessionWindowsPayloadSchema;
      const payload = { gapSize: durationFromMs(standard.gap) };
      return spec(SESSIONS.PROPERTIES, toBinary(schema, create(schema, payload)));
    }
  }
}

function spec(urn: string, payload: Uint8Array): FunctionSpec {
  return create(FunctionSpecSchema, { urn, payload });
}
