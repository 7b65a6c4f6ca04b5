import type { PaneInfo } from '../model/pane-info.ts';
import type { BoundedWindow } from '../model/window.ts';
import type { Matcher } from './matcher.ts';
import { placesLine, requireWindow, windowId, windowTitle } from './windows.ts';

/** Gives a matcher the elements of one window, of all its panes; the names of these five are those of Beam's PAssert. */
export function inWindow<T>(window: BoundedWindow, matcher: Matcher<T>): Matcher<T> {
  return inPane('inWindow', { window, matcher, pane: '', isIn: () => true });
}

/** Gives a matcher the elements of one window that its on-time pane has. */
export function inOnTimePane<T>(window: BoundedWindow, matcher: Matcher<T>): Matcher<T> {
  return inPane('inOnTimePane', {
    window,
    matcher,
    pane: 'the on-time pane of ',
    isIn: ({ timing }) => timing === 'onTime',
  });
}

/** Gives a matcher the elements of one window that its early panes have. */
export function inEarlyPane<T>(window: BoundedWindow, matcher: Matcher<T>): Matcher<T> {
  return inPane('inEarlyPane', {
    window,
    matcher,
    pane: 'early panes of ',
    isIn: ({ timing }) => timing === 'early',
  });
}

/** Gives a matcher the elements of one window that its late panes have. */
export function inLatePane<T>(window: BoundedWindow, matcher: Matcher<T>): Matcher<T> {
  return inPane('inLatePane', {
    window,
    matcher,
    pane: 'late panes of ',
    isIn: ({ timing }) => timing === 'late',
  });
}

/** Gives a matcher the elements of one window that its last pane has: the one after which there is no other. */
export function inFinalPane<T>(window: BoundedWindow, matcher: Matcher<T>): Matcher<T> {
  return inPane('inFinalPane', {
    window,
    matcher,
    pane: 'the final pane of ',
    isIn: ({ isLast }) => isLast,
  });
}

function inPane<T>(
  name: string,
  options: {
    readonly window: BoundedWindow;
    readonly matcher: Matcher<T>;
    /** As a report calls it; ends with a space. */
    readonly pane: string;
    readonly isIn: (pane: PaneInfo) => boolean;
  },
): Matcher<T> {
  const { matcher, pane, isIn } = options;
  const window = requireWindow(name, options.window);
  const id = windowId(window);
  return {
    name,
    judge: async (elements) => {
      const inside = elements.filter((element) => windowId(element.window) === id && isIn(element.pane));
      const mismatch = await matcher.judge(inside);
      if (mismatch === undefined) return undefined;
      const inWindow = elements.filter((element) => windowId(element.window) === id);
      // Other panes of the window tell more than other windows.
      const withPanes = inWindow.length > 0;
      const near = withPanes ? inWindow : elements;
      return {
        summary: `in ${pane}${windowTitle(window)}, ${mismatch.summary}`,
        lines: [...mismatch.lines, ...(inside.length === 0 ? placesLine(near, { withPanes }) : [])],
        cause: mismatch.cause,
      };
    },
  };
}
