import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { GLOBAL_WINDOW, GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import type { WindowingStrategy } from '../model/windowing-strategy.ts';
import { perWindow } from './element-context.ts';
import { mainOutput, userError, type Operator, type OperatorOptions } from './operator.ts';

/**
 * Puts each element in the windows that a WindowFn assigns; one that is in none is dropped, as Beam does.
 *
 * An element that is in several windows is as many elements, each of which gets its windows: a runner may have taken it apart
 * at any time before.
 */
export function windowIntoOperator({ windowFn }: WindowingStrategy, options: OperatorOptions): Operator {
  const out = mainOutput(options);
  // Pipeline building has checked the WindowFn against the element type.
  const assign = (windowFn.assigner?.() ?? windowFn.assign.bind(windowFn)) as (
    timestamp: Timestamp,
    element: unknown,
  ) => unknown;
  // Beam's own say nothing wrong.
  const isTrusted = windowFn.standard !== undefined;
  return {
    receive: perWindow(true, (element, timestamp, _windows, pane) => {
      let windows: unknown;
      try {
        windows = assign(timestamp, element);
      } catch (cause) {
        throw userError(options, 'assign', { cause, element });
      }
      const checked = isTrusted
        ? (windows as readonly BoundedWindow[])
        : requireWindows(windows, element, options.name);
      return checked.length === 0 ? undefined : out(element, timestamp, checked, pane);
    }),
  };
}

function requireWindows(windows: unknown, element: unknown, transform: string): readonly BoundedWindow[] {
  if (Array.isArray(windows)) {
    const list: readonly unknown[] = windows;
    if (list.length === 1 && list[0] === GLOBAL_WINDOW) return GLOBAL_WINDOWS;
    if (list.every(isWindow)) return list;
  }
  const received: unknown = Array.isArray(windows) ? windows.find((window) => !isWindow(window)) : windows;
  throw new PipelineError(
    `Cannot window elements in "${transform}" as assign must give an array of windows { kind: 'interval', start, end } with ` +
      `whole milliseconds and start < end: received ${describeValue(received)} for ${describeValue(element)}`,
    { transform, hint: 'Give [beam.intervalWindow(start, end)]; [] drops the element' },
  );
}

function isWindow(window: unknown): window is BoundedWindow {
  if (window === GLOBAL_WINDOW) return true;
  if (typeof window !== 'object' || window === null || !('kind' in window)) return false;
  if (window.kind !== 'interval' || !('start' in window) || !('end' in window)) return false;
  const { start, end } = window;
  return Number.isInteger(start) && Number.isInteger(end) && (start as number) < (end as number);
}
