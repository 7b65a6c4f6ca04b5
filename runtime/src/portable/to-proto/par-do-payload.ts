import { create, toBinary } from '@bufbuild/protobuf';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import {
  ParDoPayloadSchema,
  SideInputSchema,
  StateSpecSchema,
  TimeDomain_Enum,
  TimerFamilySpecSchema,
  type SideInput,
} from '../../proto/runner-api.ts';
import {
  StandardRequirements_EnumUrn as REQUIREMENT,
  StandardSideInputTypes_EnumUrn as ACCESS,
  StandardUserStateTypes_EnumUrn as USER_STATE,
} from '../../proto/urns.ts';
import { STEP_URN, VIEW_FN_URN, WINDOW_MAPPING_FN_URN } from '../step-payload.ts';
import { windowKind } from '../windowing/windowing-to-proto.ts';
import { functionSpec, textBytes } from './function-spec.ts';
import type { PipelineCoders } from './pipeline-coders.ts';
import type { PlacedStep } from './placed.ts';
import type { KeyedSpecs } from './translate-state.ts';

const TIME_DOMAINS = {
  eventTime: TimeDomain_Enum.EVENT_TIME,
  processingTime: TimeDomain_Enum.PROCESSING_TIME,
} as const;

/** What a runner is told of a step: a ParDoPayload, and the URNs of what it has to know for it. */
export function parDoPayload(
  { payload, sideInputs, isSplittable, hasFinalizer, keyed }: PlacedStep,
  context: {
    readonly coders: PipelineCoders;
    /** That of its input. */
    readonly windowing: WindowingStrategy;
  },
): { readonly payload: Uint8Array; readonly requirements: readonly string[] } {
  const parDo = create(ParDoPayloadSchema, {
    doFn: functionSpec(STEP_URN, textBytes(payload)),
    restrictionCoderId: isSplittable === true ? context.coders.idOf('value') : '',
    sideInputs: Object.fromEntries(Array.from(sideInputs?.keys() ?? [], (name) => [name, sideInputProto()])),
    requestsFinalization: hasFinalizer === true,
    ...(keyed && keyedSpecs(keyed, context)),
  });
  const requirements = [
    ...(isSplittable === true ? [REQUIREMENT.REQUIRES_SPLITTABLE_DOFN] : []),
    ...(hasFinalizer === true ? [REQUIREMENT.REQUIRES_BUNDLE_FINALIZATION] : []),
    ...(keyed === undefined ? [] : [REQUIREMENT.REQUIRES_STATEFUL_PROCESSING]),
  ];
  return { payload: toBinary(ParDoPayloadSchema, parDo), requirements };
}

/** All state is bags on the wire: every runner has these. */
function keyedSpecs(
  { states, timers }: KeyedSpecs,
  { coders, windowing }: { readonly coders: PipelineCoders; readonly windowing: WindowingStrategy },
) {
  const elementCoderId = coders.idOf('value');
  const timerFamilyCoderId = coders.idOf(
    windowKind(windowing) === 'global' ? 'globalTimer' : 'intervalTimer',
  );
  return {
    stateSpecs: Object.fromEntries(
      states.map((name) => [
        name,
        create(StateSpecSchema, {
          spec: { case: 'bagSpec', value: { elementCoderId } },
          protocol: functionSpec(USER_STATE.BAG),
        }),
      ]),
    ),
    timerFamilySpecs: Object.fromEntries(
      Array.from(timers, ([name, domain]) => [
        name,
        create(TimerFamilySpecSchema, { timerFamilyCoderId, timeDomain: TIME_DOMAINS[domain] }),
      ]),
    ),
  };
}

/** Read as a list of elements; what the user sees of them, our worker makes. */
function sideInputProto(): SideInput {
  return create(SideInputSchema, {
    accessPattern: functionSpec(ACCESS.ITERABLE),
    viewFn: functionSpec(VIEW_FN_URN),
    windowMappingFn: functionSpec(WINDOW_MAPPING_FN_URN),
  });
}
