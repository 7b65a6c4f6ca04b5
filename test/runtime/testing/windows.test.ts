import {
  assignTimestamps,
  combinePerKey,
  create,
  GLOBAL_WINDOW,
  intervalWindow,
  NO_FIRING,
  sum,
  windowInto,
  windows,
  type PaneInfo,
  type Pipeline,
} from 'millrace';
import {
  assertThat,
  containsInAnyOrder,
  equalTo,
  equalToPerKey,
  equalToPerWindow,
  hasSize,
  inEarlyPane,
  inFinalPane,
  inLatePane,
  inOnTimePane,
  inWindow,
  isEmpty,
  testPipeline,
  testStream,
  withTimestamps,
} from 'millrace/testing';
import { expect, test } from 'vitest';
import { reportOf } from '../../support/report-of.ts';
import { windowedElements, type Placed } from '../../support/windowed-elements.ts';

const pane = (timing: PaneInfo['timing'], index: number, isLast = false): PaneInfo => ({
  ...NO_FIRING,
  timing,
  index,
  isLast,
});

const FIRST = intervalWindow(0, 10);
const SECOND = intervalWindow(10, 20);
/** The first window has an early, an on-time and two late panes; the second was never fired. */
const ELEMENTS: readonly Placed<number>[] = [
  { value: 1, window: FIRST, timestamp: 1, pane: pane('early', 0) },
  { value: 2, window: FIRST, timestamp: 9, pane: pane('onTime', 1) },
  { value: 3, window: FIRST, timestamp: 9, pane: pane('late', 2) },
  { value: 4, window: FIRST, timestamp: 9, pane: pane('late', 3, true) },
  { value: 5, window: SECOND, timestamp: 12 },
];
const input = (p: Pipeline) => windowedElements(p, ELEMENTS);

test.each([
  { name: 'all panes', matcher: containsInAnyOrder([1, 2, 3, 4, 5]) },
  { name: 'a window', matcher: inWindow(FIRST, equalTo([1, 2, 3, 4])) },
  { name: 'a window without elements', matcher: inWindow(intervalWindow(20, 30), isEmpty()) },
  { name: 'the early panes of a window', matcher: inEarlyPane(FIRST, equalTo([1])) },
  { name: 'the on-time pane of a window', matcher: inOnTimePane(FIRST, equalTo([2])) },
  { name: 'the late panes of a window', matcher: inLatePane(FIRST, equalTo([3, 4])) },
  { name: 'the final pane of a window', matcher: inFinalPane(FIRST, equalTo([4])) },
  { name: 'a pane that nothing fired, which is the only one', matcher: inFinalPane(SECOND, equalTo([5])) },
  {
    name: 'each window',
    matcher: equalToPerWindow([
      [SECOND, [5]],
      [FIRST, [4, 3, 2, 1]],
    ]),
  },
  {
    name: 'a window that must have nothing',
    matcher: equalToPerWindow(
      new Map([
        [FIRST, [1, 2, 3, 4]],
        [SECOND, [5]],
        [intervalWindow(90, 100), []],
      ]),
    ),
  },
  {
    name: 'timestamps, of a window',
    matcher: inWindow(SECOND, withTimestamps(equalTo([{ value: 5, timestamp: 12 }]))),
  },
])('assertThat() holds of $name', async ({ matcher }) => {
  expect(await reportOf(input, matcher)).toEqual(['holds']);
});

test('assertThat() sees an element that is in two windows once in each', async () => {
  const twice = (p: Pipeline) =>
    windowedElements(p, [
      { value: 'a', window: FIRST },
      { value: 'a', window: intervalWindow(5, 15) },
    ]);
  const matcher = equalToPerWindow([
    [FIRST, ['a']],
    [intervalWindow(5, 15), ['a']],
  ]);
  expect(await reportOf(twice, matcher)).toEqual(['holds']);
});

test.each([
  {
    name: 'a window',
    matcher: inWindow(SECOND, equalTo([6])),
    report: [
      'in window [1970-01-01T00:00:00.010Z, 00:00:00.020Z), equalTo expects 1 element, received 1: 1 missing, 1 unexpected',
      'missing: 6',
      'unexpected: 5',
    ],
  },
  {
    name: 'a pane, and where elements are if none is in it',
    matcher: inOnTimePane(SECOND, hasSize(1)),
    report: [
      'in the on-time pane of window [1970-01-01T00:00:00.010Z, 00:00:00.020Z), hasSize expects 1 element, received none',
      'there are: 1 element in [1970-01-01T00:00:00.010Z, 00:00:00.020Z) without a pane',
    ],
  },
  {
    name: 'the global window',
    matcher: inWindow(GLOBAL_WINDOW, hasSize(5)),
    report: [
      'in the global window, hasSize expects 5 elements, received none',
      'there are: 4 elements in [1970-01-01T00:00:00Z, 00:00:00.010Z), 1 element in [1970-01-01T00:00:00.010Z, 00:00:00.020Z)',
    ],
  },
  {
    name: 'windows that are different, missing and unexpected',
    matcher: equalToPerWindow([
      [FIRST, [1, 2, 3, 7]],
      [intervalWindow(20, 30), [8]],
    ]),
    report: [
      'equalToPerWindow expects 2 windows, received 2: 1 different, 1 missing, 1 unexpected',
      'window [1970-01-01T00:00:00Z, 00:00:00.010Z): missing: 7; unexpected: 4',
      'window [1970-01-01T00:00:00.020Z, 00:00:00.030Z): missing: 8',
      'window [1970-01-01T00:00:00.010Z, 00:00:00.020Z): unexpected: 5',
    ],
  },
  {
    name: 'timestamps',
    matcher: inWindow(SECOND, withTimestamps(equalTo([{ value: 5, timestamp: 11 }]))),
    report: [
      'in window [1970-01-01T00:00:00.010Z, 00:00:00.020Z), equalTo expects 1 element, received 1: 1 missing, 1 unexpected',
      'missing: { value: 5, timestamp: 11 }',
      'unexpected: { value: 5, timestamp: 12 }',
    ],
  },
])('assertThat() tells of $name', async ({ matcher, report: [first = '', ...rest] }) => {
  expect(await reportOf(input, matcher)).toEqual([`Assertion failed: ${first}`, ...rest]);
});

const MINUTE = 60_000;
const minute = (n: number) => intervalWindow(n * MINUTE, (n + 1) * MINUTE);

test('assertThat() judges what the engine groups by window, at the time that it gives', async () => {
  const result = await testPipeline((p) => {
    const sums = p
      .apply(create([5, 7, MINUTE, 3 * MINUTE]))
      .apply(assignTimestamps((ms) => ms))
      .apply(windowInto(windows.fixed({ minutes: 1 })))
      .map((ms) => ({ key: 'sum', value: ms }))
      .apply(combinePerKey(sum()));
    const kv = (value: number) => ({ key: 'sum', value });
    assertThat(
      sums,
      equalToPerWindow([
        [minute(0), [kv(12)]],
        [minute(1), [kv(MINUTE)]],
        [minute(3), [kv(3 * MINUTE)]],
      ]),
    );
    assertThat(
      sums,
      inOnTimePane(minute(0), withTimestamps(equalTo([{ value: kv(12), timestamp: MINUTE - 1 }]))),
    );
    assertThat(sums, inFinalPane(minute(1), equalToPerKey({ sum: MINUTE })));
  });
  expect(result.assertions).toBe(3);
});

test('assertThat() judges an unbounded PCollection when its sources have ended', async () => {
  const events = testStream<number>()
    .addElements([
      { value: 1, timestamp: 0 },
      { value: 2, timestamp: MINUTE },
    ])
    .advanceWatermarkTo(MINUTE)
    .addElements([{ value: 3, timestamp: 1 }]);
  const input = (p: Pipeline) =>
    p
      .apply(events)
      .apply(windowInto(windows.fixed({ minutes: 1 }), { allowedLateness: { hours: 1 } }))
      .map((value) => ({ key: 'all', value }))
      .apply(combinePerKey(sum()))
      .map(({ value }) => value);
  expect(await reportOf(input, inOnTimePane(minute(0), equalTo([1])))).toEqual(['holds']);
  expect(await reportOf(input, inLatePane(minute(0), equalTo([3])))).toEqual(['holds']);
  expect(await reportOf(input, inLatePane(minute(1), hasSize(1)))).toEqual([
    'Assertion failed: in late panes of window [1970-01-01T00:01:00Z, 00:02:00Z), hasSize expects 1 element, received none',
    'there are: 1 element in [1970-01-01T00:01:00Z, 00:02:00Z) onTime 0 (last)',
  ]);
});

test('A window-aware matcher refuses what is no window', () => {
  expect(() => inWindow({ start: 0, end: 5 } as never, isEmpty())).toThrow(
    "Cannot expect elements in a window as inWindow takes GLOBAL_WINDOW or { kind: 'interval', start, end }: received an object with start, end",
  );
});
