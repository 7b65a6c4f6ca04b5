import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SessionGroups } from '../../../../runtime/src/engine/groups/session-groups.ts';
import type { GroupsOptions } from '../../../../runtime/src/engine/groups/groups.ts';
import type { WindowFn } from '../../../../runtime/src/model/window-fn.ts';
import { GroupsDriver, type FiredPane } from '../../../support/groups.ts';

const GAP = 10;
const SESSIONS: WindowFn = {
  standard: { kind: 'sessions', gap: GAP },
  assign: (timestamp) => [{ kind: 'interval', start: timestamp, end: timestamp + GAP }],
  merge: () => [],
};
const make = (options: GroupsOptions) => new SessionGroups(options);
const driver = () => new GroupsDriver(make, { windowFn: SESSIONS });
const brief = (panes: readonly FiredPane[]) =>
  panes.map(({ key, values, window }) => `${String(key)} ${window}: ${values.join(' ')}`);

test('SessionGroups puts together what is less than a gap apart, for each key', async () => {
  const groups = driver();
  groups.bundle(['a', 1, 0], ['b', 2, 5], ['a', 3, 9], ['a', 4, 19], ['a', 5, 40]);
  expect(brief(await groups.end())).toEqual([
    'a [0, 19): 1 3',
    'a [19, 29): 4',
    'a [40, 50): 5',
    'b [5, 15): 2',
  ]);
});

test('SessionGroups joins two sessions when an element comes between them', async () => {
  const groups = driver();
  groups.bundle(['a', 1, 0], ['a', 2, 18]);
  groups.bundle(['a', 3, 9]);
  expect(brief(await groups.end())).toEqual(['a [0, 28): 1 3 2']);
});

test('SessionGroups emits a session once the watermark is at its end, and drops what comes for it later', async () => {
  const groups = driver();
  groups.bundle(['a', 1, 0], ['a', 2, 5]);
  expect(brief(await groups.advance(14))).toEqual([]);
  expect(brief(await groups.advance(15))).toEqual(['a [0, 15): 1 2']);
  groups.bundle(['a', 3, 5], ['a', 4, 6]); // [5, 15) has ended, [6, 16) has not
  expect(brief(await groups.end())).toEqual(['a [6, 16): 4']);
  expect(groups.dropped).toEqual({ droppedDueToLateness: 1 });
});

test('SessionGroups lets the last timestamp of a session be that of its pane', async () => {
  const groups = driver();
  groups.bundle(['a', 1, -5]);
  expect(await groups.end()).toMatchObject([
    { timestamp: 4, pane: { timing: 'onTime', index: 0, isFirst: true, isLast: true } },
  ]);
});

test('SessionGroups keeps keys apart when it forgets those that have no session left', async () => {
  const groups = driver();
  groups.bundle(['a', 1, 0], ['b', 2, 0], ['c', 3, 100]);
  expect(brief(await groups.advance(50))).toEqual(['a [0, 10): 1', 'b [0, 10): 2']);
  groups.bundle(['b', 4, 60], ['c', 5, 105], ['a', 6, 70]);
  expect(brief(await groups.end()).sort()).toEqual(['a [70, 80): 6', 'b [60, 70): 4', 'c [100, 115): 3 5']);
});

/** The sessions of sorted times: cut where the gap to the last one is reached. */
function byHand(times: readonly number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  const sessions: number[][] = [];
  for (const time of sorted) {
    const last = sessions.at(-1);
    if (last === undefined || time - (last.at(-1) ?? 0) >= GAP) sessions.push([time]);
    else last.push(time);
  }
  return sessions.map((each) => `[${each[0] ?? 0}, ${(each.at(-1) ?? 0) + GAP}): ${each.join(' ')}`);
}

test('SessionGroups gives the sessions of sorted input, in whatever order and bundles it comes', async () => {
  const times = fc.array(fc.integer({ min: -200, max: 200 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(times, fc.array(fc.nat(8)), async (input, sizes) => {
      const groups = driver();
      const left = [...input];
      for (const size of [...sizes, input.length]) {
        groups.bundle(...left.splice(0, size).map((time) => ['k', time, time] as const));
      }
      const panes = await groups.end();
      const received = panes.map(
        ({ window, values }) => `${window}: ${(values as number[]).sort((a, b) => a - b).join(' ')}`,
      );
      expect(received).toEqual(byHand(input));
    }),
  );
});
