import { afterAll, beforeAll, expect, test } from 'vitest';
import { capture, Elsewhere, probeHere } from './ship.ts';

let elsewhere: Elsewhere;
beforeAll(() => {
  elsewhere = new Elsewhere();
});
afterAll(() => elsewhere.close());

const many = Array.from({ length: 10_000 }, (_, n) => ({
  n: -n,
  text: `"${n}"\u2028\ud800\\`,
  z: [-0, null],
}));

test.each([
  { name: 'an array', value: many, isParsed: true },
  { name: 'a Map', value: new Map(many.map((one) => [one.n, { ...one }])), isParsed: true },
  { name: 'a Set', value: new Set(many), isParsed: true },
  { name: 'what JSON has not', value: many.map((one) => ({ ...one, no: undefined })), isParsed: false },
  { name: 'keys called __proto__', value: many.map((one) => ({ ['__proto__']: one.n })), isParsed: false },
])('captureModule() ships $name with many parts as it is', async ({ value, isParsed }) => {
  const captured = await capture(value);
  expect(captured.code.includes('JSON.parse(')).toBe(isParsed);
  const probe = `const all = [...shipped]; return [all.length, all[7], all.at(-1), shipped.constructor.name];`;
  expect(await elsewhere.probe(captured, probe)).toBe(await probeHere(value, probe));
});
