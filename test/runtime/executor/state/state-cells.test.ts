import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { KeyIdentity } from '../../../../runtime/src/coders/key-identity.ts';
import { stateCell } from '../../../../runtime/src/executor/state/state-cell.ts';
import { MemoryLog, NO_LOG, type StateLog } from '../../../../runtime/src/executor/state/state-log.ts';

type Spec = beam.StateSpec<unknown>;

const SUM: beam.CombineFn<number, number, number> = {
  createAccumulator: () => 0,
  addInput: (sum, n) => sum + n,
  mergeAccumulators: (sums) => sums.reduce((a, b) => a + b, 0),
  extractOutput: (sum) => sum,
};

/** Calls of a state's methods; what is looked at is compared. */
type Call = readonly [method: string, ...args: unknown[]];

const small = fc.integer({ min: 0, max: 3 });
const key = fc.oneof(small, fc.constant('1'), fc.constantFrom({ a: 1 }, { a: 2 }, [1]), fc.constant(-0));

const CALLS: Readonly<Record<beam.StateKind, { readonly spec: Spec; readonly calls: fc.Arbitrary<Call> }>> = {
  value: {
    spec: beam.valueState(),
    calls: fc.oneof(fc.tuple(fc.constant('write'), key), looks('read', 'clear')),
  },
  bag: {
    spec: beam.bagState(),
    calls: fc.oneof(fc.tuple(fc.constant('add'), key), looks('read', 'isEmpty', 'clear')),
  },
  set: {
    spec: beam.setState(),
    calls: fc.oneof(
      fc.tuple(fc.constantFrom('add', 'addIfAbsent', 'contains', 'remove'), key),
      looks('read', 'isEmpty', 'clear'),
    ),
  },
  map: {
    spec: beam.mapState(),
    calls: fc.oneof(
      fc.tuple(fc.constantFrom('put', 'putIfAbsent'), key, small),
      fc.tuple(fc.constantFrom('get', 'has', 'remove'), key),
      looks('keys', 'values', 'entries', 'isEmpty', 'clear'),
    ),
  },
  multimap: {
    spec: beam.multimapState(),
    calls: fc.oneof(
      fc.tuple(fc.constant('put'), key, small),
      fc.tuple(fc.constantFrom('get', 'has', 'remove'), key),
      looks('keys', 'entries', 'isEmpty', 'clear'),
    ),
  },
  combining: {
    spec: beam.combiningState(SUM),
    calls: fc.oneof(fc.tuple(fc.constant('add'), small), looks('read', 'isEmpty', 'clear')),
  },
  orderedList: {
    spec: beam.orderedListState(),
    calls: fc.oneof(
      fc.tuple(fc.constant('add'), fc.record({ timestamp: small, value: fc.string() })),
      fc.tuple(fc.constantFrom('readRange', 'clearRange'), small, small),
      looks('read', 'isEmpty', 'clear'),
    ),
  },
};

function looks(...methods: readonly string[]): fc.Arbitrary<Call> {
  return fc.constantFrom(...methods).map((method) => [method] as const);
}

/** Calls in one life, or with a new cell of the same log at each of `ends`, as a bundle of a runner has. */
function outcome(spec: Spec, calls: readonly Call[], ends: ReadonlySet<number>, log: StateLog): unknown[] {
  const identity = new KeyIdentity('Step');
  let cell = stateCell(spec, { log, identity });
  return calls.map(([method, ...args], index) => {
    if (ends.has(index)) {
      cell.commit?.();
      cell = stateCell(spec, { log, identity });
    }
    const of = cell as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
    const result = of[method]?.(...args);
    return typeof result === 'object' && result !== null && Symbol.iterator in result
      ? [...(result as Iterable<unknown>)]
      : result;
  });
}

test.each(Object.entries(CALLS))('%s state does not depend on where bundles end', (kind, { spec, calls }) => {
  const inMemory = kind === 'bag' || kind === 'orderedList' ? () => new MemoryLog() : () => NO_LOG;
  fc.assert(
    fc.property(fc.array(calls, { maxLength: 60 }), fc.array(fc.nat(60)), (list, ends) => {
      expect(outcome(spec, list, new Set(ends), new MemoryLog())).toEqual(
        outcome(spec, list, new Set(), inMemory()),
      );
    }),
    { numRuns: 300 },
  );
});

test('map state is what a Map of encoded keys has', () => {
  const { calls, spec } = CALLS.map;
  fc.assert(
    fc.property(fc.array(calls, { maxLength: 60 }), (list) => {
      const map = new Map<string, readonly [unknown, unknown]>();
      const text = (of: unknown) => JSON.stringify(of === 0 ? 0 : of);
      const expected = list.map(([method, of, value]) => {
        const id = text(of);
        const known = map.get(id)?.[1];
        if (method === 'put' || (method === 'putIfAbsent' && !map.has(id)))
          map.set(id, [map.get(id)?.[0] ?? (of === 0 ? 0 : of), value]);
        if (method === 'remove') map.delete(id);
        if (method === 'clear') map.clear();
        const entries = [...map.values()];
        if (method === 'keys') return entries.map(([k]) => k);
        if (method === 'values') return entries.map(([, v]) => v);
        if (method === 'entries') return entries;
        if (method === 'isEmpty') return map.size === 0;
        if (method === 'has') return map.has(id);
        return method === 'get' || method === 'putIfAbsent' ? known : undefined;
      });
      expect(outcome(spec, list, new Set(), new MemoryLog())).toEqual(expected);
    }),
  );
});

test('a log that is mostly of what was replaced is written anew', () => {
  const log = new MemoryLog();
  const identity = new KeyIdentity('Step');
  const map = stateCell(beam.mapState<string, number>(), { log, identity }) as unknown as beam.MapState<
    string,
    number
  >;
  for (let n = 0; n < 1000; n++) map.put('a', n);
  const again = stateCell(beam.mapState<string, number>(), { log, identity }) as unknown as beam.MapState<
    string,
    number
  >;
  expect(again.get('a')).toBe(999);
  expect([...log.read()]).toEqual([['a', 999]]);
});

test('what a bag gave is not changed by what comes after', () => {
  const bag = stateCell(beam.bagState<number>(), {
    log: new MemoryLog(),
    identity: new KeyIdentity('Step'),
  }) as unknown as beam.BagState<number>;
  bag.add(1);
  const before = bag.read();
  bag.add(2);
  bag.clear();
  bag.add(3);
  expect([...before]).toEqual([1]);
  expect([...before]).toEqual([1]);
  expect([...bag.read()]).toEqual([3]);
});
