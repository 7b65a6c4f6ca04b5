import { expect, test } from 'vitest';
import { fragment } from '../../../../runtime/src/graph/fragment.ts';
import { fullNames } from '../../../../runtime/src/graph/names.ts';
import * as beam from '../../../../runtime/src/index.ts';
import { CAPABILITY_ROWS } from '../../../../runtime/src/portable/capabilities/capability.ts';
import {
  MissingCapabilityError,
  requireCapabilities,
  requireCapability,
  requireRunner,
} from '../../../../runtime/src/portable/capabilities/require-capabilities.ts';
import { requiredCapabilities } from '../../../../runtime/src/portable/capabilities/required-capabilities.ts';
import { RUNNERS } from '../../../../runtime/src/portable/capabilities/runner-capabilities.ts';

test.each(['prism', 'flink', 'portable'])('requireRunner() takes %s', (name) => {
  expect(requireRunner(name)).toBe(name);
});

test.each([
  ['dataflow', 'Google Cloud Dataflow'],
  ['DataflowRunner', 'Google Cloud Dataflow'],
  ['spark', "Spark's portable runner"],
  ['SparkRunner', "Spark's portable runner"],
])('requireRunner() refuses %s by its name', (name, title) => {
  expect(() => requireRunner(name)).toThrow(MissingCapabilityError);
  expect(() => requireRunner(name)).toThrow(
    `Cannot promote as the runner must be prism, flink, portable: received "${name}", and ${title} is not supported yet`,
  );
});

test.each([
  ['nemo', 'received the string "nemo"'],
  [undefined, 'received undefined'],
  ['constructor', 'received the string "constructor"'],
])('requireRunner() refuses what is no runner: %s', (name, received) => {
  expect(() => requireRunner(name)).toThrow(TypeError);
  expect(() => requireRunner(name)).toThrow(received);
});

test('requiredCapabilities() names each row that a fragment needs, with the first step that does', () => {
  const counts = beam
    .pipeline()
    .apply(beam.create(['a']))
    .map((word) => word, { seen: beam.counter('seen') })
    .apply(beam.countPerElement());
  const needed = fragment([counts]);
  const names = fullNames(needed.transforms);
  const rows = [...requiredCapabilities(needed)].map(([row, transform]) => [row, names.get(transform)]);
  expect(Object.fromEntries(rows)).toEqual({
    parDo: 'Create',
    globalWindows: 'Create',
    metrics: 'Map',
    composites: 'CountPerElement/Map(pairWithOne)',
    groupByKey: 'CountPerElement/CombinePerKey(Sum)',
    combine: 'CountPerElement/CombinePerKey(Sum)',
  });
});

test('requireCapabilities() lets what there is today run on every runner', () => {
  const p = beam.pipeline();
  const lines = p.apply(beam.io.readFromText('data/*.txt'));
  const all = beam.P([lines, lines]).apply(beam.flatten()).apply(beam.groupBy('length'));
  const needed = fragment([all]);
  const names = fullNames(needed.transforms);
  for (const runner of ['prism', 'flink', 'portable'] as const) {
    expect(() => requireCapabilities(needed, { runner, names })).not.toThrow();
  }
});

test('requireCapability() refuses what a runner lacks, by the row of the capability matrix', () => {
  expect(() => requireCapability('prism', 'drain', 'drain')).toThrow(
    'Cannot run "drain" on Prism 2.77 as it needs "Drain" (Additional common features not yet part of the Beam model) of ' +
      "Beam's capability matrix: its job service has no drain",
  );
  expect(() => requireCapability('portable', 'drain', 'drain')).not.toThrow();
});

test('RUNNERS lack rows that the matrix has', () => {
  for (const { lacks } of Object.values(RUNNERS)) {
    for (const row of Object.keys(lacks)) expect(CAPABILITY_ROWS).toHaveProperty(row);
  }
});
