import { expect, test } from 'vitest';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import * as beam from '../../../runtime/src/index.ts';
import { runnerOptions } from '../../../runtime/src/promote/runner-options.ts';

const words = () => beam.pipeline().apply(beam.create(['a']));
const optionsOf = (target: beam.PCollection<unknown>, runner: 'prism' | 'flink' = 'flink') =>
  runnerOptions(fragment([target]), { name: 'job', runner, parallelism: 2 });

test('runnerOptions() gives a job on Flink a name of its own, and any other its own name', () => {
  expect(optionsOf(words()).jobName).toMatch(/^job-\w{8}$/);
  expect(optionsOf(words(), 'prism')).toEqual({ jobName: 'job', parallelism: 2 });
});

test('runnerOptions() makes a stream of what need not end, and of what has a trigger', () => {
  const trigger = beam.triggers.repeatedly(beam.triggers.afterCount(2));
  const options = { trigger, accumulationMode: 'discarding' } as const;
  const counted = words().apply(beam.windowInto(beam.windows.global(), options));
  const counting = beam.pipeline().apply(beam.generateSequence({ rate: { elements: 1, per: 1000 } }));
  expect(optionsOf(counted)).toMatchObject({ streaming: true, finishBundleBeforeCheckpointing: true });
  expect(optionsOf(counting, 'prism')).toMatchObject({ streaming: true });
  expect(optionsOf(words().apply(beam.windowInto(beam.windows.fixed(10))))).not.toHaveProperty('streaming');
});

test('runnerOptions() has Flink play the events of a test stream one after another', () => {
  const stream = (runner: 'prism' | 'flink') =>
    optionsOf(beam.pipeline().apply(beam.testStream<number>().addElements([1])), runner);
  expect(stream('flink')).toMatchObject({ streaming: true, maxBundleSize: 1, parallelism: 1 });
  expect(stream('prism')).toMatchObject({ parallelism: 2 });
  expect(stream('prism')).not.toHaveProperty('maxBundleSize');
});
