import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';

test('Node prints pipelines and PCollections as descriptions, not as what they are made of', () => {
  const p = beam.pipeline('whales');
  const ships = p.apply(beam.create(['Pequod'])).map((ship) => ship);
  expect(inspect([p, ships], { breakLength: Infinity })).toBe(
    '[ Pipeline "whales", PCollection Map of pipeline "whales" ]',
  );
});
