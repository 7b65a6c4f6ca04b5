import type { PaneInfo } from '../../model/pane-info.ts';
import { isTimerSpec, type TimerSpec } from '../../model/timer.ts';
import type { StateSpec } from '../../model/state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { BoundedWindow } from '../../model/window.ts';
import type { OperatorOptions } from '../operator.ts';
import { timerHandle } from './timer-handle.ts';
import type { KeyedState } from './user-state.ts';

/** Gives what an element's function is to have for each request for state or a timer. */
export function stateLookup(
  { userState, name: transform }: Pick<OperatorOptions, 'userState' | 'name'>,
  element: {
    readonly key: unknown;
    readonly window: BoundedWindow;
    readonly timestamp: Timestamp;
    readonly pane: PaneInfo;
  },
): (property: string, request: StateSpec<unknown> | TimerSpec<unknown>) => unknown {
  let state: KeyedState | undefined;
  return (property, request) => {
    if (userState === undefined) {
      throw new TypeError(`Cannot run "${transform}" as what runs it must keep its state: received nothing`);
    }
    state ??= userState.of(element.key, element.window);
    if (!isTimerSpec(request)) return state.cell(property, request);
    return timerHandle(request, {
      ...element,
      state,
      transform,
      family: property,
      domain: request.domain,
      expiry: userState.expiryOf(element.window),
      now: () => userState.now(),
    });
  };
}
