import { expect, test } from 'vitest';
import type { JobMetrics } from '../../../runtime/src/portable/job/job-metrics.ts';
import { samplesOf } from '../../../runtime/src/promote/job-samples.ts';

function metricsWith(
  sets: readonly { name: string; value: readonly string[]; namespace?: string }[],
): JobMetrics {
  return {
    elements: new Map(),
    ms: new Map(),
    counters: [],
    distributions: [],
    gauges: [],
    stringSets: sets.map((set) => ({ transform: 'T', namespace: 'millrace.samples', ...set })),
  };
}

test('samplesOf() gives values, and texts of those that JSON has not', () => {
  const metrics = metricsWith([
    { name: 'Map.main', value: ['{"value":{"a":[1]}}', '{"text":"Map(2) {…}"}'] },
    { name: 'Map.main', value: ['{"value":null}'] },
    { name: 'Map.main', value: ['"not ours"'], namespace: 'user' },
    { name: 'Other.main', value: ['{"value":1}'] },
  ]);
  expect(samplesOf('Map.main', metrics)).toEqual([{ a: [1] }, 'Map(2) {…}', null]);
  expect(samplesOf('Map', metrics)).toEqual([{ a: [1] }, 'Map(2) {…}', null]);
});

test('samplesOf() names what there is, if there is none of it', () => {
  const metrics = metricsWith([{ name: 'Map.main', value: ['{"value":1}'] }]);
  expect(() => samplesOf('Create', metrics)).toThrow('received those of "Map.main"');
  expect(() => samplesOf('Create', undefined)).toThrow('received none at all');
});
