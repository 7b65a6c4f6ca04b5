import { create } from '@bufbuild/protobuf';
import type { StandardWindowFn } from '../../model/window-fn.ts';
import type {
  AccumulationMode,
  ClosingBehavior,
  OnTimeBehavior,
  TimestampCombiner,
  WindowingStrategy,
} from '../../model/windowing-strategy.ts';
import {
  AccumulationMode_Enum,
  ClosingBehavior_Enum,
  MergeStatus_Enum,
  OnTimeBehavior_Enum,
  OutputTime_Enum,
  WindowingStrategySchema,
  type WindowingStrategy as WindowingStrategyProto,
} from '../../proto/runner-api.ts';
import { triggerToProto } from './trigger-to-proto.ts';
import { windowFnToProto } from './window-fn-to-proto.ts';

/**
 * Stands for a WindowFn that is none of Beam's own, and does not merge, in the strategy that a runner reads.
 *
 * Beam's Java runners refuse a strategy whose WindowFn they do not know. But they never ask it to assign windows: that is
 * done by window_into, in our worker. All that they take from it is the kind of its windows (their coder, which has
 * their ends) and that they do not merge; fixed windows have both, whatever their size.
 */
const STAND_IN: StandardWindowFn = { kind: 'fixed', size: 1, offset: 0 };

/** Which windows a strategy has, as a coder tells them apart. */
export function windowKind({ windowFn }: WindowingStrategy): 'global' | 'interval' {
  return windowFn.standard?.kind === 'global' ? 'global' : 'interval';
}

/** A windowing strategy as runners take it. */
export function windowingToProto(
  windowing: WindowingStrategy,
  ids: { readonly windowCoderId: string; readonly environmentId: string },
): WindowingStrategyProto {
  const { windowFn, trigger, allowedLateness } = windowing;
  const isMerging = windowFn.merge !== undefined || windowFn.standard?.kind === 'sessions';
  return create(WindowingStrategySchema, {
    ...ids,
    windowFn: windowFnToProto(windowFn.standard ?? STAND_IN),
    mergeStatus: isMerging ? MergeStatus_Enum.NEEDS_MERGE : MergeStatus_Enum.NON_MERGING,
    trigger: triggerToProto(trigger),
    accumulationMode: ACCUMULATION[windowing.accumulationMode],
    outputTime: OUTPUT_TIME[windowing.timestampCombiner],
    closingBehavior: CLOSING[windowing.closingBehavior],
    onTimeBehavior: ON_TIME[windowing.onTimeBehavior],
    allowedLateness: BigInt(allowedLateness),
    // Of a WindowFn of the user's nobody knows how many windows it assigns.
    assignsToOneWindow: windowFn.standard !== undefined && windowFn.standard.kind !== 'sliding',
  });
}

const ACCUMULATION: Readonly<Record<AccumulationMode, AccumulationMode_Enum>> = {
  discarding: AccumulationMode_Enum.DISCARDING,
  accumulating: AccumulationMode_Enum.ACCUMULATING,
};

const OUTPUT_TIME: Readonly<Record<TimestampCombiner, OutputTime_Enum>> = {
  endOfWindow: OutputTime_Enum.END_OF_WINDOW,
  earliest: OutputTime_Enum.EARLIEST_IN_PANE,
  latest: OutputTime_Enum.LATEST_IN_PANE,
};

const CLOSING: Readonly<Record<ClosingBehavior, ClosingBehavior_Enum>> = {
  fireAlways: ClosingBehavior_Enum.EMIT_ALWAYS,
  fireIfNonEmpty: ClosingBehavior_Enum.EMIT_IF_NONEMPTY,
};

const ON_TIME: Readonly<Record<OnTimeBehavior, OnTimeBehavior_Enum>> = {
  fireAlways: OnTimeBehavior_Enum.FIRE_ALWAYS,
  fireIfNonEmpty: OnTimeBehavior_Enum.FIRE_IF_NONEMPTY,
};
