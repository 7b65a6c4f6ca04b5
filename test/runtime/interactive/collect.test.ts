import { afterEach, beforeEach, expect, expectTypeOf, test } from 'vitest';
import type { ColumnTable } from 'arquero';
import * as beam from '../../../runtime/src/index.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const defaults = { ...ib.options };
beforeEach(async () => void (ib.options.cacheRoot = await temporaryFolder()));
afterEach(() => void Object.assign(ib.options, defaults));

const created = <T>(elements: readonly T[]) => beam.pipeline().apply(beam.create(elements));
const seen = () => Reflect.get(globalThis, 'millraceTestCollected') as unknown[];
beforeEach(() => void Reflect.set(globalThis, 'millraceTestCollected', []));
const note = (x: number) => {
  (Reflect.get(globalThis, 'millraceTestCollected') as unknown[]).push(x);
  return x;
};

test('collect() of several PCollections gives a tuple, and runs what they share once', async () => {
  const numbers = created([1, 2, 3]).map(note);
  const texts = numbers.map((x) => `${x}`);
  const answer = await ib.collect([numbers, texts, numbers]);
  expectTypeOf(answer).toEqualTypeOf<[number[], string[], number[]]>();
  expect(answer).toEqual([
    [1, 2, 3],
    ['1', '2', '3'],
    [1, 2, 3],
  ]);
  expect(seen()).toEqual([1, 2, 3]);
});

test('collect() of several PCollections gives n of each, of none an empty tuple, and refuses two pipelines', async () => {
  const numbers = created([1, 2, 3]);
  expect(await ib.collect([numbers, numbers.map((x) => x * x)], { n: 2 })).toEqual([
    [1, 2],
    [1, 4],
  ]);
  expect(await ib.collect([])).toEqual([]);
  await expect(ib.collect([numbers, created([1])])).rejects.toThrow('must belong to one pipeline');
});

test("collect(as: 'arquero') gives a table with a column for each property, as a view has", async () => {
  const rows = created([
    { word: 'ünï', n: 1 },
    { word: 'b', n: 2, at: new Date(5) },
  ]);
  const table = await ib.collect(rows, { as: 'arquero' });
  expectTypeOf(table).toEqualTypeOf<ColumnTable>();
  expect(table.columnNames()).toEqual(['word', 'n', 'at']);
  expect(table.objects()).toEqual([
    { word: 'ünï', n: 1, at: undefined },
    { word: 'b', n: 2, at: new Date(5) },
  ]);
  expect(table.orderby('word').array('n')).toEqual([2, 1]);
  expect((await ib.collect(rows, { as: 'arquero', n: 1 })).numRows()).toBe(1);
});

test.each([
  { name: 'numbers', elements: [1, -0, NaN], want: { element: [1, -0, NaN] } },
  { name: 'nothing', elements: [], want: {} },
  { name: 'KVs', elements: [{ key: 'a', value: 1n }], want: { key: ['a'], value: [1n] } },
  {
    name: 'KVs of objects',
    elements: [{ key: 'a', value: { x: 1, y: null } }],
    want: { key: ['a'], 'value.x': [1], 'value.y': [null] },
  },
  { name: 'mixed values', elements: [1, 'a', undefined], want: { element: [1, 'a', undefined] } },
])("collect(as: 'arquero') of $name", async ({ elements, want }) => {
  const table = await ib.collect(created<unknown>(elements), { as: 'arquero' });
  expect(Object.fromEntries(table.columnNames().map((name) => [name, table.array(name)]))).toEqual(want);
});

test("collect(as: 'arrow') gives an Arrow table: integers, bigints, dates, lists, structs and nulls", async () => {
  const elements = [
    { i: 1, f: 0.5, n: 2n ** 62n, d: new Date(5), l: ['a'], s: { x: 1 }, t: 'ü', b: true },
    { i: 300, f: -0, n: null, d: null, l: [], s: { x: 2 }, t: 'b', b: false },
  ];
  const rows = created(elements);
  const [table, flags] = await ib.collect([rows, rows.map(({ b }) => b)], { as: 'arrow' });
  expectTypeOf(table).toEqualTypeOf<ib.ArrowTable>();
  expect(table.toArray()).toEqual(elements);
  expect(flags.toArray()).toEqual([{ element: true }, { element: false }]);
});

class Secret {
  readonly #x = 1;
  get x() {
    return this.#x;
  }
}

test.each([
  { name: 'mixed', element: [1, 'a'], why: 'must have one Arrow type: received integer | string in "x"' },
  {
    name: 'a Map',
    element: [new Map()],
    why: '"x" must hold what Arrow can: received an object of class Map',
  },
  { name: 'a Set within', element: [{ y: [new Set()] }], why: 'received an object of class Set' },
  { name: 'hidden', element: [new Secret()], why: 'received an object of class Secret' },
  { name: 'too big', element: [2n ** 70n], why: 'must have one Arrow type: received bigint in "x"' },
])("collect(as: 'arrow') refuses what Arrow cannot hold: $name", async ({ element, why }) => {
  ib.options.enableCaching = false;
  const rows = created(element.map((_, index) => index)).map((index) => ({ x: element[index] }));
  await expect(ib.collect(rows, { as: 'arrow' })).rejects.toThrow(why);
});

test('collect() refuses tables that Arquero cannot hold, and what it does not know', async () => {
  const wide = created([Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`c${i}`, i]))]);
  await expect(ib.collect(wide, { as: 'arquero' })).rejects.toThrow('at most 1000 columns: received 1001');
  const proto = created(['{"__proto__":1}']).map((text) => JSON.parse(text) as object);
  await expect(ib.collect(proto, { as: 'arquero' })).rejects.toThrow('received "__proto__"');
  await expect(ib.collect(wide, { as: 'pandas' as never })).rejects.toThrow('received pandas');
  await expect(ib.collect([wide, 5 as never])).rejects.toThrow('Cannot collect as it takes a PCollection');
  await expect(ib.collect(undefined as never)).rejects.toThrow('Cannot collect as it takes a PCollection');
});
