import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const defaults = { ...ib.options };
beforeEach(async () => void (ib.options.cacheRoot = await temporaryFolder()));
afterEach(() => void Object.assign(ib.options, defaults));

/** Three numbers, times `factor`, plus `more`; each test has a pipeline of its own name. */
function chain(name: string, { factor = 2, more = 1, n = 3 } = {}) {
  const numbers = beam.pipeline(name).apply(beam.create(Array.from({ length: n }, (_, i) => i)));
  const times = numbers.map(beam.withName('Times', (x: number) => x * factor));
  const plus = times.map(beam.withName('Plus', (x: number) => x + more));
  return { numbers, times, plus };
}

const short = (explanation: ib.Explanation) =>
  explanation.steps.map(({ name, origin, why }) => `${name}: ${origin}: ${why}`);

const NOT_KEPT =
  'nothing changed, but its elements were not kept: those are that were asked for whole, or that groupings make';

test('explain() of what was not asked for yet says so, and runs nothing', () => {
  const explanation = ib.explain(chain('unasked').plus);
  expect(short(explanation)).toEqual([
    'Create: not asked: no request had it yet',
    'Times: not asked: no request had it yet',
    'Plus: not asked: no request had it yet',
  ]);
  expect(explanation).toMatchObject({ askedAt: undefined, savedMs: 0, title: 'Plus' });
  expect(String(explanation)).toMatch(/^Plus · not asked for yet\n {2}Create {2}not asked for/);
});

test('explain() tells what was computed the first time, with counts and times', async () => {
  const { plus } = chain('first');
  await ib.collect(plus);
  const explanation = ib.explain(plus);
  expect(short(explanation)).toEqual([
    'Create: computed: it was never computed before',
    'Times: computed: it was never computed before',
    'Plus: computed: it was never computed before',
  ]);
  expect(explanation.steps.map(({ elements }) => elements)).toEqual([3, 3, 3]);
  expect(explanation.savedMs).toBe(0);
});

test('explain() tells what the cache saved, and which steps were not needed', async () => {
  await ib.collect(chain('again').plus);
  const { plus } = chain('again');
  await ib.collect(plus);
  const explanation = ib.explain(plus);
  expect(short(explanation)).toEqual([
    'Create: skipped: what follows it came from the cache',
    'Times: skipped: what follows it came from the cache',
    expect.stringMatching(/^Plus: cache: nothing that makes it changed since /),
  ]);
  expect(explanation.savedMs).toBeGreaterThan(0);
  expect(explanation.steps.map(({ savedMs }) => savedMs)).toEqual([
    undefined,
    undefined,
    explanation.savedMs,
  ]);
  expect(explanation.steps.map(({ elements }) => elements)).toEqual([3, 3, 3]);
  expect(inspect(explanation)).toMatch(
    /^Plus · asked for at .* · about .* saved\n[^]*Plus {4}from the cache/,
  );
});

test('explain() names the change at its step, the steps that follow it, and what was not kept', async () => {
  await ib.collect(chain('edited').plus);
  const { times, plus } = chain('edited', { factor: 3 });
  await ib.collect(plus);
  expect(short(ib.explain(plus))).toEqual([
    `Create: computed: ${NOT_KEPT}`,
    'Times: computed: value "factor" changed',
    'Plus: computed: it follows "Times": value "factor" changed',
  ]);
  expect(short(ib.explain(times))).toEqual(short(ib.explain(plus)).slice(0, 2));
});

test('explain() goes on from the entry that was there, and counts the run that made it once', async () => {
  const first = chain('further');
  await ib.collect([first.numbers, first.times]);
  const { plus } = chain('further', { more: 5 });
  await ib.collect(plus);
  const explanation = ib.explain(plus);
  expect(explanation.steps.map(({ origin }) => origin)).toEqual(['skipped', 'cache', 'computed']);
  const { numbers, times } = first;
  const both = beam.P([numbers, times]).apply(beam.flatten());
  await ib.collect(both);
  const merged = ib.explain(both);
  expect(merged.steps.map(({ origin }) => origin)).toEqual(['cache', 'cache', 'computed']);
  expect(merged.savedMs).toBe(merged.steps[0]?.savedMs);
  expect(merged.savedMs).toBe(explanation.savedMs);
});

test('explain() blames only what is upstream of a step', async () => {
  const build = (factor: number) => {
    const { numbers, times } = chain('branches', { factor });
    return { times, other: numbers.map(beam.withName('Other', (x: number) => -x)) };
  };
  await ib.collect([build(2).times]);
  const { times, other } = build(3);
  await ib.collect([times, other]);
  expect(short(ib.explain(other)).at(-1)).toBe('Other: computed: it was never computed before');
  expect(short(ib.explain(times)).at(-1)).toBe('Times: computed: value "factor" changed');
});

test('explain() keeps to the last request of its own PCollection, and to those that were answered', async () => {
  const { times, plus } = chain('own');
  await ib.collect(times);
  const before = short(ib.explain(times));
  const failing = times.map(() => {
    throw new RangeError('mine');
  });
  await expect(ib.collect(failing)).rejects.toThrow('mine');
  expect(short(ib.explain(times))).toEqual(before);
  expect(ib.explain(failing).askedAt).toBeUndefined();
  await ib.collect(plus);
  expect(ib.explain(times).steps.map(({ origin }) => origin)).toEqual(['skipped', 'cache']);
});

test('explain() tells of an entry that is gone, and of a cache that is off', async () => {
  const { plus } = chain('gone', { more: 41 }); // no other test has its key
  await ib.collect(plus);
  const entries = join(ib.options.cacheRoot, 'entries');
  for (const name of await readdir(entries)) await rm(join(entries, name));
  await ib.collect(plus);
  expect(short(ib.explain(plus)).at(-1)).toBe('Plus: computed: it is no longer in the cache');
  ib.options.enableCaching = false;
  await ib.collect(plus);
  expect(short(ib.explain(plus)).at(-1)).toBe('Plus: computed: caching is off');
});

test('explain() shows itself as a table, with names escaped', async () => {
  const named = beam
    .pipeline()
    .apply(beam.create([1]))
    .map(beam.withName('<b> & ü', (x: number) => x));
  await ib.collect(named);
  const explanation = ib.explain(named);
  // The convention names a method that gives the MIME bundle.
  const display = Reflect.get(explanation, Symbol.for('Jupyter.display')) as () => object;
  const bundle = display.call(explanation);
  expect(Reflect.get(bundle, 'text/html')).toContain('<td>&lt;b&gt; &amp; ü</td><td>computed</td>');
  expect(Reflect.get(bundle, 'text/plain')).toBe(String(explanation));
});

test('explain() refuses what is no PCollection', () => {
  expect(() => ib.explain(5 as never)).toThrow(TypeError);
});
