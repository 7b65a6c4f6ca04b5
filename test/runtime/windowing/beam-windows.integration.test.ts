import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intervalWindow, windows } from '../../../runtime/src/index.ts';
import type { WindowFn } from '../../../runtime/src/model/window-fn.ts';
import type { BoundedWindow, IntervalWindow } from '../../../runtime/src/model/window.ts';
import { beamWindows, type BeamWindowsCase } from '../../support/beam-windows.ts';
import { PEERS_MISSING } from '../../support/peers.ts';

const bounds = (given: readonly BoundedWindow[]) =>
  given.map((each) => (each.kind === 'interval' ? [each.start, each.end] : []));

/** What is left of some windows once they have merged, earliest first; the order in which they are given should not matter. */
function merged(windowFn: WindowFn<unknown>, given: readonly IntervalWindow[]): IntervalWindow[] {
  const left = new Map(given.map((window) => [`${window.start} ${window.end}`, window]));
  for (const { merged: into, of } of windowFn.merge?.([...left.values()]) ?? []) {
    for (const window of of) left.delete(`${window.start} ${window.end}`);
    left.set(`${into.start} ${into.end}`, into);
  }
  return [...left.values()].sort((a, b) => a.start - b.start);
}

/** As groups do it: each window comes alone, and merges with those that are there. */
function mergedOneByOne(windowFn: WindowFn<unknown>, given: readonly IntervalWindow[]): IntervalWindow[] {
  return given.reduce<IntervalWindow[]>((there, window) => merged(windowFn, [...there, window]), []);
}

const isInterval = (window: BoundedWindow): window is IntervalWindow => window.kind === 'interval';

function ours({ kind, size = 0, period = 0, offset = 0, gap = 0, timestamps }: BeamWindowsCase) {
  if (kind === 'sessions') {
    const windowFn = windows.sessions(gap);
    const assigned = timestamps.flatMap((timestamp) => windowFn.assign(timestamp, undefined));
    return bounds(merged(windowFn, assigned.filter(isInterval)));
  }
  const windowFn =
    kind === 'fixed' ? windows.fixed(size, { offset }) : windows.sliding({ size, period, offset });
  const assign = windowFn.assigner?.() ?? windowFn.assign.bind(windowFn);
  return timestamps.map((timestamp) => bounds(assign(timestamp, undefined)));
}

test.skipIf(PEERS_MISSING !== undefined)(
  `WindowFns give the windows that Beam Python gives (${PEERS_MISSING ?? 'it is there'})`,
  { timeout: 120_000 },
  () => {
    const small = fc.integer({ min: 1, max: 40 });
    const timestamps = fc.array(
      fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
      { maxLength: 12 },
    );
    const below = (most: number) => fc.integer({ min: 0, max: most - 1 });
    const fixed = small.chain((size) =>
      fc.record({
        kind: fc.constant('fixed' as const),
        size: fc.constant(size),
        offset: below(size),
        timestamps,
      }),
    );
    const sliding = small.chain((period) =>
      fc.record({
        kind: fc.constant('sliding' as const),
        size: small,
        period: fc.constant(period),
        offset: below(period),
        timestamps,
      }),
    );
    const sessions = fc.record({ kind: fc.constant('sessions' as const), gap: small, timestamps });
    const cases = fc.sample(fc.oneof(fixed, sliding, sessions), { numRuns: 300, seed: 20 });
    expect(cases.map(ours)).toEqual(beamWindows(cases));
  },
);

test('sessions merge to the same windows in whatever order they come, at once or one by one', () => {
  const windowFn = windows.sessions(10);
  const given = fc.array(
    fc
      .tuple(fc.integer({ min: -50, max: 150 }), fc.integer({ min: 1, max: 30 }))
      .map(([start, length]) => intervalWindow(start, start + length)),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(
      given.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        const want = merged(windowFn, all);
        expect(merged(windowFn, shuffled)).toEqual(want);
        expect(mergedOneByOne(windowFn, shuffled)).toEqual(want);
        for (const [index, { start }] of want.entries()) {
          expect(start).toBeGreaterThanOrEqual(want[index - 1]?.end ?? -Infinity);
        }
      },
    ),
  );
});

test.each([
  {
    name: 'overlap',
    given: [
      [0, 10],
      [5, 15],
    ],
    want: [[0, 15]],
  },
  {
    name: 'touch, and stay apart',
    given: [
      [0, 10],
      [10, 20],
    ],
    want: [
      [0, 10],
      [10, 20],
    ],
  },
  {
    name: 'are one in the other',
    given: [
      [0, 30],
      [5, 10],
      [20, 25],
    ],
    want: [[0, 30]],
  },
  {
    name: 'overlap by way of others',
    given: [
      [0, 10],
      [18, 28],
      [9, 19],
    ],
    want: [[0, 28]],
  },
  {
    name: 'are two sessions',
    given: [
      [0, 10],
      [5, 15],
      [30, 40],
      [35, 45],
    ],
    want: [
      [0, 15],
      [30, 45],
    ],
  },
] as const)('sessions merge windows that $name', ({ given, want }) => {
  expect(
    bounds(
      merged(
        windows.sessions(10),
        given.map(([start, end]) => intervalWindow(start, end)),
      ),
    ),
  ).toEqual(want);
});
