import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import { isStateSpec } from '../../model/state.ts';
import { isTimerSpec, type TimeDomain } from '../../model/timer.ts';

/** What a step keeps by key and window, by the names that its context gives it. */
export interface KeyedSpecs {
  readonly states: readonly string[];
  readonly timers: ReadonlyMap<string, TimeDomain>;
}

/** The state and timers that a transform asks for; undefined if it asks for none. */
export function keyedSpecsOf({ spec }: AppliedPTransform): KeyedSpecs | undefined {
  const context = spec?.kind === 'parDo' ? Object.entries(spec.context) : [];
  const states = context.filter(([, value]) => isStateSpec(value)).map(([name]) => name);
  const timers = new Map(
    context.flatMap(([name, value]) => (isTimerSpec(value) ? [[name, value.domain] as const] : [])),
  );
  return states.length === 0 && timers.size === 0 ? undefined : { states, timers };
}
