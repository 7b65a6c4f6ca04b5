import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

test('tee() gives its input as it is, and what is on the side runs with the whole pipeline', async () => {
  const p = beam.pipeline();
  const seen: string[] = [];
  const words = p.apply(beam.create(['a', 'b'])).apply(
    beam.tee(
      (each) => each.map((word: string) => seen.push(word)),
      beam.map((word: string) => seen.push(`${word}!`)),
    ),
  );
  expect((await collect(words)).values).toEqual(['a', 'b']);
  expect(seen).toEqual([]);
  await p.run();
  expect(seen.sort()).toEqual(['a', 'a!', 'b', 'b!']);
  expect(() => beam.tee()).toThrow(
    'Cannot tee as there must be a transform to apply on the side: received none',
  );
});
