import { create, toBinary } from '@bufbuild/protobuf';
import {
  AccumulationMode_Enum,
  ClosingBehavior_Enum,
  MergeStatus_Enum,
  OnTimeBehavior_Enum,
  OutputTime_Enum,
  WindowingStrategySchema,
  type WindowingStrategy,
} from '../../proto/runner-api.ts';
import { GlobalWindowsPayloadSchema } from '../../proto/window-fns.ts';
import { GlobalWindowsPayload_EnumUrn as WINDOW_FN } from '../../proto/urns.ts';

/** What every PCollection has until `windowInto` is there: all in the global window, out when the input has ended. */
export function globalWindowing(ids: {
  readonly windowCoderId: string;
  readonly environmentId: string;
}): WindowingStrategy {
  return create(WindowingStrategySchema, {
    ...ids,
    windowFn: {
      urn: WINDOW_FN.PROPERTIES,
      payload: toBinary(GlobalWindowsPayloadSchema, create(GlobalWindowsPayloadSchema)),
    },
    mergeStatus: MergeStatus_Enum.NON_MERGING,
    trigger: { trigger: { case: 'default', value: {} } },
    accumulationMode: AccumulationMode_Enum.DISCARDING,
    outputTime: OutputTime_Enum.END_OF_WINDOW,
    closingBehavior: ClosingBehavior_Enum.EMIT_IF_NONEMPTY,
    onTimeBehavior: OnTimeBehavior_Enum.FIRE_IF_NONEMPTY,
    assignsToOneWindow: true,
  });
}
