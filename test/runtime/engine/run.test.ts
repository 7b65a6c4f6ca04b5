import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

test('run() counts words from lines to sums', async () => {
  const p = beam.pipeline('words');
  const counts = p
    .apply(beam.create(['a b a', 'b', '', 'c a']))
    .flatMap((line) => line.split(' ').filter((word) => word !== ''))
    .apply(beam.countPerElement());
  const { values, isClosed, stoppedEarly } = await collect(counts);
  expect(values).toEqual([
    { key: 'a', value: 3 },
    { key: 'b', value: 2 },
    { key: 'c', value: 1 },
  ]);
  expect({ isClosed, stoppedEarly }).toEqual({ isClosed: true, stoppedEarly: false });
});
