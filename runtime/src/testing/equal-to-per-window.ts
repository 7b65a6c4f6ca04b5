import { multisetDifference } from '../coders/multiset-difference.ts';
import type { BoundedWindow } from '../model/window.ts';
import { judgeGroups, type ReceivedGroup } from './judge-groups.ts';
import { valuesOf, type Matcher } from './matcher.ts';
import { elementsLine } from './report.ts';
import { requireElements } from './require-elements.ts';
import { requireWindow, windowId, windowTitle } from './windows.ts';

/**
 * Expects these elements in each window, of all its panes and in any order, and no other windows:
 * `equalToPerWindow([[firstHour, [3, 5]], [secondHour, [1]]])`. A Map serves as well.
 */
export function equalToPerWindow<T>(expected: Iterable<readonly [BoundedWindow, readonly T[]]>): Matcher<T> {
  const name = 'equalToPerWindow';
  const groups = [...expected].map(([window, elements]) => ({
    id: windowId(requireWindow(name, window)),
    title: windowTitle(window),
    matcher: exactly(requireElements(name, elements)),
  }));
  return {
    name,
    judge: (elements) => {
      const received = new Map<string, ReceivedGroup<T>>();
      for (const element of elements) {
        const id = windowId(element.window);
        const group = received.get(id) ?? { title: windowTitle(element.window), elements: [] };
        group.elements.push(element);
        received.set(id, group);
      }
      return judgeGroups({ expected: groups, received }, { name, noun: 'window' });
    },
  };
}

/** Expects these elements, and says only which are not as expected: the line has the window's title already. */
function exactly<T>(expected: readonly T[]): Matcher<T> {
  return {
    name: 'containsInAnyOrder',
    judge: (elements) => {
      const { onlyLeft, onlyRight } = multisetDifference(expected, valuesOf(elements));
      const [summary, ...lines] = [
        ...elementsLine('missing', onlyLeft),
        ...elementsLine('unexpected', onlyRight),
      ];
      return summary === undefined ? undefined : { summary, lines };
    },
  };
}
