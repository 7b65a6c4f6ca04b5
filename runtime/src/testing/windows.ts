import { describeValue } from '../model/describe-value.ts';
import type { BoundedWindow } from '../model/window.ts';
import { paneText, windowText } from '../display/window-text.ts';
import { formatPlural } from '../display/format.ts';
import type { Reified } from '../transforms/reify.ts';

/** Windows and panes that a line names. */
const MOST_SHOWN = 2;

/** Equal for windows with the same bounds. */
export function windowId(window: BoundedWindow): string {
  return window.kind === 'global' ? 'global' : `${window.start} ${window.end}`;
}

/** "window [2026-01-01T00:00:00Z, 2026-01-01T01:00:00Z)", "the global window". */
export function windowTitle(window: BoundedWindow): string {
  return window.kind === 'global' ? 'the global window' : `window ${windowText(window)}`;
}

/** @throws {TypeError} if it is no window: the types do not hold in plain JavaScript. */
export function requireWindow(matcher: string, window: BoundedWindow): BoundedWindow {
  const received: unknown = window;
  const kind =
    typeof received === 'object' && received !== null && 'kind' in received ? received.kind : undefined;
  if (kind === 'global' || kind === 'interval') return window;
  throw new TypeError(
    `Cannot expect elements in a window as ${matcher} takes GLOBAL_WINDOW or { kind: 'interval', start, end }: ` +
      `received ${describeValue(received)}`,
  );
}

/** `there are: 3 elements in [a, b), 1 element in [b, c)`: where elements are that were looked for elsewhere. */
export function placesLine(
  elements: readonly Reified<unknown>[],
  { withPanes }: { readonly withPanes: boolean },
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { window, pane } of elements) {
    const firing = !withPanes ? '' : pane.timing === 'unknown' ? ' without a pane' : ` ${paneText(pane)}`;
    const place = windowText(window) + firing;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const shown = [...counts]
    .slice(0, MOST_SHOWN)
    .map(([place, count]) => `${formatPlural(count, 'element')} in ${place}`);
  const more = counts.size - shown.length;
  return [`there are: ${[...shown, ...(more > 0 ? [`… ${more} more places`] : [])].join(', ')}`];
}
