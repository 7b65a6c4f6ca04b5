import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

const STEPS = 3000;

type Step = (input: PCollection<number>) => PCollection<number>;
const steps: Record<string, Step> = {
  map: (input) => input.map((x) => x + 1),
  filter: (input) => input.filter(() => true),
  flatMap: (input) => input.flatMap((x) => [x]),
  generator: (input) =>
    input.flatMap(function* (x) {
      yield x;
    }),
  parDo: (input) => input.apply(beam.parDo((x) => [x])),
  'async map': (input) => input.map(async (x) => Promise.resolve(x)),
  'a diamond': (input) => beam.P([input.map((x) => x), input.filter(() => false)]).apply(beam.flatten()),
};

function chain(elements: readonly number[], step: Step): PCollection<number> {
  let end: PCollection<number> = beam.pipeline('long').apply(beam.create(elements));
  for (let count = 0; count < STEPS; count++) end = step(end);
  return end;
}

test.each(Object.entries(steps))('a chain of 3,000 steps runs, in order: %s', async (name, step) => {
  const { values } = await collect(chain([1, 2, 3], step));
  expect(values).toEqual(name === 'map' ? [3001, 3002, 3003] : [1, 2, 3]);
});

test('a long chain stops early, and names the step that fails', async () => {
  let made = 0;
  const many = beam
    .pipeline('long')
    .apply(beam.create([0]))
    .flatMap(function* () {
      for (;;) yield made++;
    });
  let end: PCollection<number> = many;
  for (let count = 0; count < 500; count++) end = end.map((x) => x);
  const { values, stoppedEarly } = await collect(end, { limit: 2 });
  expect({ values, stoppedEarly, made: made < 10 }).toEqual({
    values: [0, 1],
    stoppedEarly: true,
    made: true,
  });
  const failing = end.map(
    beam.withName('Broken', () => {
      throw new Error('at the end');
    }),
  );
  await expect(collect(failing, { limit: 1 })).rejects.toThrow('"Broken" threw in map: at the end');
});
