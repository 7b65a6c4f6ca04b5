import { expect, test } from 'vitest';
import {
  queryMetrics,
  type MetricResult,
  type MetricsFilter,
} from '../../../runtime/src/model/metric-results.ts';

const result = <V>(step: string, name: string, value: V) => ({
  step,
  namespace: 'millrace',
  name,
  committed: undefined,
  attempted: value,
  result: value,
});

const ALL = {
  counters: [result('Count/Map(parse)', 'lines', 3), result('Map', 'lines', 4), result('Map', 'bad', 0)],
  distributions: [result('Count', 'lines', { count: 1, sum: 2, min: 2, max: 2 })],
  gauges: [],
  stringSets: [result('Mapping', 'names', ['a'])],
};

function found(filter?: MetricsFilter): readonly string[] {
  const kinds: Readonly<Record<string, readonly MetricResult<unknown>[]>> = { ...queryMetrics(ALL, filter) };
  return Object.entries(kinds).flatMap(([kind, results]) =>
    results.map(({ step, name }) => `${kind} ${step} ${name}`),
  );
}

// As Beam Python's MetricsFilter: a step is found by a part of its path, whole between slashes.
test.each([
  {
    filter: { name: 'lines' },
    want: ['counters Count/Map(parse) lines', 'counters Map lines', 'distributions Count lines'],
  },
  { filter: { name: 'lines', step: 'Map' }, want: ['counters Map lines'] },
  { filter: { step: 'Count' }, want: ['counters Count/Map(parse) lines', 'distributions Count lines'] },
  { filter: { step: 'Map(parse)' }, want: ['counters Count/Map(parse) lines'] },
  { filter: { step: 'Count/Map(parse)' }, want: ['counters Count/Map(parse) lines'] },
  {
    filter: { step: ['Mapping', 'Map'], name: ['bad', 'names'] },
    want: ['counters Map bad', 'stringSets Mapping names'],
  },
  { filter: { step: 'M' }, want: [] },
  { filter: { namespace: 'other' }, want: [] },
  { filter: { namespace: 'millrace', name: 'bad' }, want: ['counters Map bad'] },
  { filter: { name: [] }, want: [] },
])('queryMetrics() finds $want by $filter', ({ filter, want }) => {
  expect(found(filter)).toEqual(want);
});

test('queryMetrics() gives all without a filter', () => {
  expect(queryMetrics(ALL)).toEqual(ALL);
  expect(queryMetrics(ALL, {})).toEqual(ALL);
});

test.each([
  { filter: { names: 'lines' }, want: /a filter has name, namespace, step: received names/ },
  { filter: { step: 7 }, want: /step must be a text or several: received 7/ },
  { filter: 'lines', want: /must be an object of name, namespace, step: received lines/ },
  { filter: null, want: /received null/ },
])('queryMetrics() refuses $filter', ({ filter, want }) => {
  expect(() => found(filter as never)).toThrow(want); // what plain JavaScript may give
});
