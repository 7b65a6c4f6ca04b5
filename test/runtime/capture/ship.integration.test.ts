import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { capture, Elsewhere, probeHere } from './ship.ts';
import { SHAPES } from './shapes.ts';

let elsewhere: Elsewhere;
beforeAll(() => {
  elsewhere = new Elsewhere();
});
afterAll(() => elsewhere.close());

test.each(SHAPES)('captureModule() ships $name', async ({ make, probe }) => {
  const captured = await capture(evaluate(make));
  const there = await elsewhere.probe(captured, probe);
  expect(there, captured.code).toBe(await probeHere(evaluate(make), probe));
  expect(there, captured.code).not.toMatch(/^threw|^undefined$/);
});
