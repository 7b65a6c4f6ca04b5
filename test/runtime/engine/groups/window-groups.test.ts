import { expect, test } from 'vitest';
import { WindowGroups } from '../../../../runtime/src/engine/groups/window-groups.ts';
import type { GroupsOptions } from '../../../../runtime/src/engine/groups/groups.ts';
import { END_OF_GLOBAL_WINDOW, MAX_TIMESTAMP } from '../../../../runtime/src/model/timestamp.ts';
import type { WindowFn } from '../../../../runtime/src/model/window-fn.ts';
import { GroupsDriver, type FiredPane } from '../../../support/groups.ts';

/** Windows of 10 every 5: each element is in two. */
const SLIDING: WindowFn = {
  assign(timestamp) {
    const start = Math.floor(timestamp / 5) * 5;
    return [start - 5, start].map((each) => ({ kind: 'interval', start: each, end: each + 10 }) as const);
  },
};
const FIXED: WindowFn = {
  assign(timestamp) {
    const start = Math.floor(timestamp / 10) * 10;
    return [{ kind: 'interval', start, end: start + 10 }];
  },
};
const make = (options: GroupsOptions) => new WindowGroups(options);
const brief = (panes: readonly FiredPane[]) =>
  panes.map(({ key, values, window }) => `${String(key)} ${window}: ${values.join(' ')}`);

test('WindowGroups emits the windows that the watermark has passed, by their ends, and keeps the others', async () => {
  const groups = new GroupsDriver(make, { windowFn: FIXED });
  groups.bundle(['a', 1, 25], ['a', 2, 3], ['b', 3, 4], ['a', 4, 12], ['a', 5, 9]);
  expect(brief(await groups.advance(9))).toEqual([]);
  expect(brief(await groups.advance(20))).toEqual(['a [0, 10): 2 5', 'b [0, 10): 3', 'a [10, 20): 4']);
  expect(brief(await groups.end())).toEqual(['a [20, 30): 1']);
});

test('WindowGroups drops and counts what comes for a window that has ended', async () => {
  const groups = new GroupsDriver(make, { windowFn: FIXED });
  groups.bundle(['a', 1, 3]);
  await groups.advance(10);
  groups.bundle(['a', 2, 4], ['b', 3, 5], ['a', 4, 10]);
  expect(brief(await groups.end())).toEqual(['a [10, 20): 4']);
  expect(groups.dropped).toEqual({ droppedDueToLateness: 2 });
});

test('WindowGroups puts an element in each of its windows, and drops it only from those that have ended', async () => {
  const groups = new GroupsDriver(make, { windowFn: SLIDING });
  groups.bundle(['a', 1, 7]);
  expect(brief(await groups.advance(10))).toEqual(['a [0, 10): 1']);
  groups.bundle(['a', 2, 8]);
  expect(brief(await groups.end())).toEqual(['a [5, 15): 1 2']);
  expect(groups.dropped).toEqual({ droppedDueToLateness: 1 });
});

test('WindowGroups keeps windows apart that end together', async () => {
  const both: WindowFn = {
    assign: () => [
      { kind: 'interval', start: 0, end: 10 },
      { kind: 'interval', start: 5, end: 10 },
    ],
  };
  const groups = new GroupsDriver(make, { windowFn: both });
  groups.bundle(['a', 1, 7]);
  expect(brief(await groups.end())).toEqual(['a [0, 10): 1', 'a [5, 10): 1']);
});

test('WindowGroups emits the global window only when the input has ended', async () => {
  const groups = new GroupsDriver(make);
  groups.bundle(['a', 1, 7], ['b', 2, 1e12], ['a', 3, -7]);
  expect(await groups.advance(END_OF_GLOBAL_WINDOW)).toEqual([]);
  const panes = await groups.advance(MAX_TIMESTAMP);
  expect(brief(panes)).toEqual(['a global: 1 3', 'b global: 2']);
  expect(panes[0]).toMatchObject({
    timestamp: END_OF_GLOBAL_WINDOW,
    pane: { timing: 'onTime', isLast: true },
  });
});
