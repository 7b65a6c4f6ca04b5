import type { AppliedPTransform } from './applied-ptransform.ts';
import { isStateSpec } from './state.ts';
import { isTimerSpec } from './timer.ts';

/** True for a context that asks for state or timers. */
export function asksForState(context: object): boolean {
  return Object.values(context).some((value) => isStateSpec(value) || isTimerSpec(value));
}

/** True for a parDo that keeps state or sets timers: its elements are { key, value }, and come key by key. */
export function isStateful({ spec }: AppliedPTransform): boolean {
  return spec?.kind === 'parDo' && asksForState(spec.context);
}
