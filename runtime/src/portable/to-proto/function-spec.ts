import { create } from '@bufbuild/protobuf';
import { FunctionSpecSchema, type FunctionSpec } from '../../proto/runner-api.ts';
import type { StepPayload } from '../step-payload.ts';

/** What a transform, or a function of one, is. */
export function functionSpec(urn: string, payload: Uint8Array = new Uint8Array()): FunctionSpec {
  return create(FunctionSpecSchema, { urn, payload });
}

/** A payload of ours, as it travels. */
export function textBytes(payload: StepPayload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}
