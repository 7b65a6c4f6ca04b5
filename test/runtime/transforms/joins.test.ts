import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

const kv = <V>(key: string, value: V): beam.KV<string, V> => ({ key, value });

/** Two tables with a key each that the other has not. */
function tables() {
  const p = beam.pipeline();
  const users = p.apply(beam.create([kv('ada', 36), kv('bo', 20), kv('bo', 21)]));
  const orders = p.apply(beam.create([kv('bo', 'tea'), kv('bo', 'cake'), kv('eve', 'rum')]));
  return { users, orders };
}

test('coGroupByKey() has the values of each input for each key that any of them has', async () => {
  const { users, orders } = tables();
  const grouped = beam.P({ users, orders }).apply(beam.coGroupByKey());
  expectTypeOf(grouped).toEqualTypeOf<
    beam.PCollection<
      beam.KV<string, { readonly users: readonly number[]; readonly orders: readonly string[] }>
    >
  >();
  expect(await valuesOf(grouped)).toEqual([
    { key: 'ada', value: { users: [36], orders: [] } },
    { key: 'bo', value: { users: [20, 21], orders: ['tea', 'cake'] } },
    { key: 'eve', value: { users: [], orders: ['rum'] } },
  ]);
});

test('joins give the pairs of each key, and with null what has no partner, as their names say', async () => {
  const { users, orders } = tables();
  const both = [
    kv('bo', { left: 20, right: 'tea' }),
    kv('bo', { left: 20, right: 'cake' }),
    kv('bo', { left: 21, right: 'tea' }),
    kv('bo', { left: 21, right: 'cake' }),
  ];
  const ada = kv('ada', { left: 36, right: null });
  const eve = kv('eve', { left: null, right: 'rum' });
  const inner = users.apply(beam.innerJoin(orders));
  expectTypeOf(inner).toEqualTypeOf<beam.PCollection<beam.KV<string, beam.Joined<number, string>>>>();
  const full = users.apply(beam.fullOuterJoin(orders));
  expectTypeOf(full).toEqualTypeOf<
    beam.PCollection<beam.KV<string, beam.Joined<number | null, string | null>>>
  >();
  expect(await valuesOf(inner)).toEqual(both);
  expect(await valuesOf(users.apply(beam.leftOuterJoin(orders)))).toEqual([ada, ...both]);
  expect(await valuesOf(users.apply(beam.rightOuterJoin(orders)))).toEqual([...both, eve]);
  expect(await valuesOf(full)).toEqual([ada, ...both, eve]);
});

test('a join pairs within windows, and keys of objects by value', async () => {
  const p = beam.pipeline();
  const events = (times: readonly number[]) =>
    p
      .apply(beam.create(times))
      .apply(beam.assignTimestamps((time) => time))
      .apply(beam.windowInto(beam.windows.fixed(10)))
      .apply(beam.withKeys(() => ({ of: 'all' })));
  const joined = events([1, 12]).apply(beam.innerJoin(events([2, 3, 25])));
  expect((await valuesOf(joined)).map(({ value }) => value)).toEqual([
    { left: 1, right: 2 },
    { left: 1, right: 3 },
  ]);
});

test('joins give what two nested loops give', async () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer()), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, rows, async (lefts, rights) => {
      const p = beam.pipeline();
      const table = (list: typeof lefts) =>
        p.apply(beam.create(list.map(([key, value]) => ({ key, value }))));
      const full = await valuesOf(table(lefts).apply(beam.fullOuterJoin(table(rights))));
      const keys = (list: typeof lefts) => new Set(list.map(([key]) => key));
      const wanted = [
        ...lefts.flatMap(([key, left]) => {
          const partners = rights.filter(([other]) => other === key).map(([, right]) => right);
          return (partners.length === 0 ? [null] : partners).map((right) => [key, left, right]);
        }),
        ...rights.filter(([key]) => !keys(lefts).has(key)).map(([key, right]) => [key, null, right]),
      ];
      const found = full.map(({ key, value }) => [key, value.left, value.right]);
      const text = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
      expect(text(found)).toEqual(text(wanted));
    }),
    { numRuns: 50 },
  );
});

test('withKeys() takes a function, sync or async, or one key for all', async () => {
  const words = beam.pipeline().apply(beam.create(['a', 'bb']));
  expect(await valuesOf(words.apply(beam.withKeys((word) => word.length)))).toEqual([
    { key: 1, value: 'a' },
    { key: 2, value: 'bb' },
  ]);
  const later = words.apply(beam.withKeys((word) => Promise.resolve(word.length)));
  expectTypeOf(later).toEqualTypeOf<beam.PCollection<beam.KV<number, string>>>();
  expect((await valuesOf(later)).map(({ key }) => key)).toEqual([1, 2]);
  expect((await valuesOf(words.apply(beam.withKeys('all')))).map(({ key }) => key)).toEqual(['all', 'all']);
});

test('waitOn() goes on when all that it waits for is there', async () => {
  const p = beam.pipeline();
  const order: string[] = [];
  const slow = p.apply(beam.create([1, 2])).map(async (n) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push(`signal ${n}`);
    return n;
  });
  const after = p
    .apply(beam.create(['x', 'y']))
    .apply(beam.waitOn(slow))
    .map((x) => {
      order.push(x);
      return x;
    });
  expect(await valuesOf(after)).toEqual(['x', 'y']);
  expect(order).toEqual(['signal 1', 'signal 2', 'x', 'y']);
  expect(() => beam.waitOn()).toThrow(
    'Cannot wait as there must be a PCollection to wait for: received none',
  );
});

test('coGroupByKey() refuses what is no object of PCollections', () => {
  const { users } = tables();
  expect(() => users.apply(beam.coGroupByKey() as never)).toThrow(
    'Cannot apply "CoGroupByKey" as it takes several PCollections by name: received an instance of PCollection; ' +
      'use P({ users, orders }).apply(coGroupByKey())',
  );
});
