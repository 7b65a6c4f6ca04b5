import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import type { Groups, GroupsOptions } from '../../../../runtime/src/engine/groups/groups.ts';
import { groupsFor } from '../../../../runtime/src/engine/groups/open-groups.ts';
import { TriggeredGroups } from '../../../../runtime/src/engine/groups/triggered-groups.ts';
import { MAX_TIMESTAMP } from '../../../../runtime/src/model/timestamp.ts';
import type { WindowingStrategy } from '../../../../runtime/src/model/windowing-strategy.ts';
import { GroupsDriver, type FiredPane } from '../../../support/groups.ts';

const { triggers, windows } = beam;
const make = (options: GroupsOptions) => new TriggeredGroups(options);
const driver = (strategy: Partial<WindowingStrategy>) => new GroupsDriver(make, strategy);
/** "early 0: 1 2". */
const brief = (panes: readonly FiredPane[]) =>
  panes.map(({ values, pane }) => `${pane.timing} ${pane.index}: ${values.join(' ')}`.trimEnd());

test('TriggeredGroups fires again and again after a count, and gives what is left when the window is over', async () => {
  const groups = driver({
    windowFn: windows.fixed(10),
    trigger: triggers.repeatedly(triggers.afterCount(2)),
  });
  groups.bundle(['k', 1, 0], ['k', 2, 1], ['k', 3, 2]);
  expect(brief(await groups.advance(0))).toEqual(['early 0: 1 2 3']);
  groups.bundle(['k', 4, 3]);
  expect(brief(await groups.advance(5))).toEqual([]);
  expect(await groups.end()).toMatchObject([
    { values: [4], pane: { timing: 'onTime', index: 1, onTimeIndex: 0, isLast: true } },
  ]);
});

test('TriggeredGroups closes a window whose trigger has finished, and counts what it drops', async () => {
  const groups = driver({ windowFn: windows.fixed(10), trigger: triggers.afterCount(1) });
  groups.bundle(['k', 1, 0]);
  expect(await groups.advance(0)).toMatchObject([{ values: [1], pane: { isFirst: true, isLast: true } }]);
  groups.bundle(['k', 2, 1], ['k', 3, 2], ['j', 4, 3]);
  expect(brief(await groups.end())).toEqual(['early 0: 4']);
  expect(groups.dropped).toEqual({ droppedDueToClosedWindow: 2 });
});

test('TriggeredGroups fires after processing time has passed, for each pane anew', async () => {
  const groups = driver({
    windowFn: windows.fixed(1000),
    trigger: triggers.repeatedly(triggers.afterProcessingTime(60)),
  });
  await groups.advance(0, 100);
  groups.bundle(['k', 1, 0]);
  expect(groups.groups.dueAt).toBe(160);
  expect(brief(await groups.advance(0, 159))).toEqual([]);
  groups.bundle(['k', 2, 1]);
  expect(brief(await groups.advance(0, 160))).toEqual(['early 0: 1 2']);
  expect(groups.groups.dueAt).toBeUndefined();
  groups.bundle(['k', 3, 1]);
  expect(groups.groups.dueAt).toBe(220);
});

test('TriggeredGroups aligns processing time to a period', async () => {
  const trigger = triggers.repeatedly(triggers.afterProcessingTime(10, { alignTo: { period: 60 } }));
  const groups = driver({ windowFn: windows.fixed(1000), trigger });
  await groups.advance(0, 100);
  groups.bundle(['k', 1, 0]);
  expect(groups.groups.dueAt).toBe(120);
});

test.each([
  {
    name: 'afterEach',
    trigger: triggers.afterEach(triggers.afterCount(1), triggers.afterCount(2)),
    want: ['early 0: 1', 'early 1: 2 3'],
  },
  {
    name: 'afterFirst',
    trigger: triggers.repeatedly(triggers.afterFirst(triggers.afterCount(2), triggers.afterCount(3))),
    want: ['early 0: 1 2', 'early 1: 3 4'],
  },
  {
    name: 'afterAll',
    trigger: triggers.repeatedly(triggers.afterAll(triggers.afterCount(2), triggers.afterCount(3))),
    want: ['early 0: 1 2 3'],
  },
  {
    name: 'orFinally',
    trigger: triggers.orFinally(triggers.repeatedly(triggers.afterCount(1)), triggers.afterCount(3)),
    want: ['early 0: 1', 'early 1: 2', 'early 2: 3'],
  },
  {
    name: 'always',
    trigger: triggers.always(),
    want: ['early 0: 1', 'early 1: 2', 'early 2: 3', 'early 3: 4'],
  },
  { name: 'never', trigger: triggers.never(), want: [] },
])('TriggeredGroups fires $name, element by element', async ({ trigger, want }) => {
  const groups = driver({ windowFn: windows.fixed(10), trigger });
  const panes: FiredPane[] = [];
  for (const value of [1, 2, 3, 4]) {
    groups.bundle(['k', value, value]);
    panes.push(...(await groups.advance(0)));
  }
  expect(brief(panes)).toEqual(want);
});

test.each([
  { onTimeBehavior: 'fireAlways', want: ['early 0: 1', 'onTime 1:'] },
  { onTimeBehavior: 'fireIfNonEmpty', want: ['early 0: 1'] },
] as const)(
  'TriggeredGroups has an empty on-time pane or not: $onTimeBehavior',
  async ({ onTimeBehavior, want }) => {
    const trigger = triggers.afterWatermark({ early: triggers.afterCount(1) });
    const groups = driver({ windowFn: windows.fixed(10), trigger, onTimeBehavior });
    groups.bundle(['k', 1, 0]);
    const panes = await groups.advance(0);
    expect(brief([...panes, ...(await groups.end())])).toEqual(want);
  },
);

test.each([
  { closingBehavior: 'fireAlways', want: ['onTime 0: 1', 'late 1:'] },
  { closingBehavior: 'fireIfNonEmpty', want: ['onTime 0: 1'] },
] as const)(
  'TriggeredGroups has an empty last pane or not: $closingBehavior',
  async ({ closingBehavior, want }) => {
    const groups = driver({ windowFn: windows.fixed(10), allowedLateness: 5, closingBehavior });
    groups.bundle(['k', 1, 0]);
    const panes = await groups.advance(10);
    expect(brief([...panes, ...(await groups.end())])).toEqual(want);
  },
);

test('TriggeredGroups takes late elements until their lateness is over, to the millisecond', async () => {
  const groups = driver({ windowFn: windows.fixed(10), allowedLateness: 5 });
  groups.bundle(['k', 1, 0]);
  expect(brief(await groups.advance(14))).toEqual(['onTime 0: 1']);
  groups.bundle(['k', 2, 1]);
  expect(brief(await groups.advance(14))).toEqual(['late 1: 2']);
  await groups.advance(15);
  groups.bundle(['k', 3, 2]);
  expect(brief(await groups.end())).toEqual([]);
  expect(groups.dropped).toEqual({ droppedDueToLateness: 1 });
});

test('TriggeredGroups accumulates: a pane is not changed by elements that come after it', async () => {
  const groups = driver({
    windowFn: windows.fixed(10),
    trigger: triggers.repeatedly(triggers.afterCount(1)),
    accumulationMode: 'accumulating',
  });
  groups.bundle(['k', 1, 0]);
  const first = await groups.advance(0);
  groups.bundle(['k', 2, 0]);
  const second = await groups.advance(0);
  expect(brief([...first, ...second])).toEqual(['early 0: 1', 'early 1: 1 2']);
});

test('TriggeredGroups holds the watermark at what has not come out', async () => {
  const groups = driver({ windowFn: windows.fixed(10), timestampCombiner: 'earliest' });
  groups.bundle(['k', 1, 7], ['k', 2, 4], ['j', 3, 12]);
  await groups.advance(2);
  expect(groups.groups.hold).toBe(4);
  await groups.advance(10);
  expect(groups.groups.hold).toBe(12);
  await groups.advance(20);
  expect(groups.groups.hold).toBe(MAX_TIMESTAMP);
});

test('TriggeredGroups merges windows of a WindowFn of one’s own', async () => {
  /** Windows that reach into each other's hundred are one: the whole hundred. */
  const hundreds: beam.WindowFn<unknown> = {
    assign: (timestamp) => [beam.intervalWindow(timestamp, timestamp + 1)],
    merge(all) {
      const starts = [...new Set(all.map(({ start }) => Math.floor(start / 100) * 100))];
      return starts.map((start) => ({
        merged: beam.intervalWindow(start, start + 100),
        of: all.filter((each) => each.start >= start && each.start < start + 100),
      }));
    },
  };
  const groups = driver({ windowFn: hundreds });
  groups.bundle(['k', 1, 5], ['k', 2, 205], ['k', 3, 50]);
  expect(brief(await groups.advance(100))).toEqual(['onTime 0: 1 3']);
  expect((await groups.end()).map(({ window }) => window)).toEqual(['[200, 300)']);
});

const someWindows = fc.constantFrom(
  windows.fixed(10),
  windows.sliding({ size: 10, period: 5 }),
  windows.sliding({ size: 10, period: 3 }),
  windows.sessions(4),
  windows.global(),
);
const events = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -30, max: 60 })), {
  maxLength: 40,
});

/** What comes out of bundles, with watermarks in between; values in order, as a bundle has none. */
async function play(
  made: (options: GroupsOptions) => Groups,
  strategy: Partial<WindowingStrategy>,
  steps: readonly (readonly [readonly (readonly [string, number])[], number])[],
) {
  const groups = new GroupsDriver(made, strategy);
  const panes: FiredPane[] = [];
  let watermark = -Infinity;
  for (const [bundle, rise] of steps) {
    groups.bundle(...bundle.map(([key, time]) => [key, time, time] as const));
    watermark = Math.max(watermark, -30) + rise;
    panes.push(...(await groups.advance(watermark)));
  }
  panes.push(...(await groups.end()));
  const texts = panes.map(({ key, values, window, timestamp, pane }) =>
    JSON.stringify([key, (values as number[]).toSorted((a, b) => a - b), window, timestamp, pane]),
  );
  return { panes: texts.sort(), dropped: groups.dropped };
}

test('the groups of windows that fire once give what TriggeredGroups give, pane by pane', async () => {
  const steps = fc.array(fc.tuple(events, fc.nat(40)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(someWindows, steps, async (windowFn, played) => {
      const fast = await play(groupsFor, { windowFn }, played);
      expect(fast).toEqual(await play(make, { windowFn }, played));
    }),
  );
});

test('TriggeredGroups do not depend on bundles or their order, before the watermark moves', async () => {
  const strategy = fc.record({
    windowFn: someWindows,
    timestampCombiner: fc.constantFrom('endOfWindow' as const, 'earliest' as const, 'latest' as const),
    accumulationMode: fc.constantFrom('discarding' as const, 'accumulating' as const),
    allowedLateness: fc.constantFrom(0, 7),
  });
  await fc.assert(
    fc.asyncProperty(
      strategy,
      events,
      fc.array(fc.nat(9)),
      fc.func(fc.integer()),
      async (given, input, sizes, rank) => {
        const whole = await play(make, given, [[input, 0]]);
        const left = input
          .map((event, index) => ({ event, rank: rank(index) }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ event }) => event);
        const bundles = [...sizes, input.length].map((size) => [left.splice(0, size), 0] as const);
        expect(await play(make, given, bundles)).toEqual(whole);
      },
    ),
  );
});

test('the last accumulating pane of a window has all of its elements, whatever came out early', async () => {
  const trigger = triggers.afterWatermark({ early: triggers.afterCount(2) });
  await fc.assert(
    fc.asyncProperty(someWindows, fc.array(events, { maxLength: 5 }), async (windowFn, bundles) => {
      const early = driver({ windowFn, trigger, accumulationMode: 'accumulating' });
      const plain = driver({ windowFn });
      const last = new Map<string, readonly unknown[]>();
      for (const bundle of bundles) {
        const elements = bundle.map(([key, time]) => [key, time, time] as const);
        early.bundle(...elements);
        plain.bundle(...elements);
        await early.advance(-31);
      }
      for (const { key, window, values } of await early.end()) last.set(`${String(key)} ${window}`, values);
      const expected = await plain.end();
      expect(last.size).toBe(expected.length);
      for (const { key, window, values } of expected) {
        const received = last.get(`${String(key)} ${window}`) as number[];
        expect(received.toSorted()).toEqual((values as number[]).toSorted());
      }
    }),
  );
});

test('what TriggeredGroups hold never takes the output watermark back', async () => {
  const steps = fc.array(fc.tuple(events, fc.nat(40)), { maxLength: 6 });
  const combiner = fc.constantFrom('endOfWindow' as const, 'earliest' as const, 'latest' as const);
  await fc.assert(
    fc.asyncProperty(someWindows, combiner, steps, async (windowFn, timestampCombiner, played) => {
      const groups = driver({ windowFn, timestampCombiner, allowedLateness: 20 });
      let [watermark, output] = [-31, -31];
      for (const [bundle, rise] of played) {
        groups.bundle(...bundle.map(([key, time]) => [key, time, time] as const));
        expect(Math.min(watermark, groups.groups.hold)).toBeGreaterThanOrEqual(Math.min(output, watermark));
        watermark += rise;
        await groups.advance(watermark);
        output = Math.min(watermark, groups.groups.hold);
      }
    }),
  );
});
