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

test('requiredCapabilities() asks for what triggers, lateness and test streams need, where something is grouped', () => {
  const { triggers: t } = beam;
  const stream = beam.testStream<string>().addElements(['a']).advanceProcessingTime(1);
  const windowed = beam
    .pipeline()
    .apply(stream)
    .apply(beam.assignTimestamps(() => 0))
    .map((value) => ({ key: 'all', value }))
    .apply(
      beam.windowInto(beam.windows.fixed(10), {
        trigger: t.afterWatermark({
          early: t.afterFirst(t.afterCount(2), t.afterProcessingTime(5)),
          late: t.afterCount(1),
        }),
        accumulationMode: 'accumulating',
        allowedLateness: 5,
      }),
    );
  const rows = (target: beam.PCollection<unknown>) =>
    [...requiredCapabilities(fragment([target])).keys()].sort();
  const windows = [
    'composites',
    'fixedWindows',
    'globalWindows',
    'parDo',
    'testStream',
    'testStreamProcessingTime',
    'timestampControl',
  ];
  const before = rows(windowed).filter((row) => row !== 'composites');
  expect(before).toEqual(windows.filter((row) => row !== 'composites'));
  const grouped = rows(windowed.apply(beam.groupByKey())).filter((row) => !windows.includes(row));
  expect(grouped).toEqual([
    'accumulating',
    'allowedLateness',
    'compositeTriggers',
    'countTriggers',
    'eventTimeTriggers',
    'groupByKey',
    'processingTimeTriggers',
    'triggers',
  ]);
});

test('requireCapabilities() refuses what no runner does with windows of the user that merge', () => {
  const merging: beam.WindowFn<unknown> = {
    name: 'Mine',
    assign: (at) => [beam.intervalWindow(at, at + 1)],
    merge: () => [],
  };
  const windowed = beam
    .pipeline()
    .apply(beam.create([1]))
    .apply(beam.windowInto(merging));
  const needed = fragment([windowed]);
  const names = fullNames(needed.transforms);
  for (const runner of ['prism', 'flink', 'portable'] as const) {
    expect(() => requireCapabilities(needed, { runner, names })).toThrow(
      /^Cannot run "WindowInto\(Mine\)" on .* as it needs "Custom merging windows" \(Where in event time\?\) of Beam's capability matrix: no runner/,
    );
  }
});

test('requireCapability() names the category of tests that a runner leaves out, where the matrix has no row', () => {
  expect(() => requireCapability('flink', 'testStreamProcessingTime', 'TestStream')).toThrow(
    `as it needs "UsesTestStreamWithProcessingTime" (category of Beam's own tests): processing time`,
  );
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
