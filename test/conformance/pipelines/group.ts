import { setTimeout as delay } from 'node:timers/promises';
import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

/** The values of each key, in an order of their own. */
const listed = <K, V>(groups: beam.PCollection<beam.KV<K, Iterable<V>>>) =>
  groups.map(({ key, value }) => ({ key, value: sorted(value) }));

export const GROUP: readonly ConformanceCase[] = [
  {
    name: 'groupByKey: texts',
    build: (p) => ({
      out: p
        .apply(beam.create([...INPUTS.texts, ...INPUTS.texts, ...INPUTS.halves]))
        .map((text) => ({ key: text, value: text.length }))
        .apply(beam.groupByKey())
        .apply(listed),
    }),
  },
  {
    name: 'groupByKey: keys of every type that look alike',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.keys.map((key, value) => ({ key, value }))))
        .apply(beam.groupByKey())
        .apply(listed),
    }),
  },
  {
    name: 'groupByKey: values of every type',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.mixed))
        .map((value) => ({ key: typeof value, value }))
        .apply(beam.groupByKey())
        .apply(listed),
    }),
  },
  {
    name: 'groupByKey: 20 000 values of one key, read twice',
    build: (p) => ({
      out: p
        .apply(
          beam.create(
            Array.from({ length: 20_000 }, (_, n) => ({ key: n === 7 ? 'seldom' : 'hot', value: n })),
          ),
        )
        .apply(beam.groupByKey())
        .map(({ key, value }) => {
          let sum = 0;
          for (const n of value) sum += n;
          return { key, sum, count: [...value].length };
        }),
    }),
  },
  {
    name: 'groupByKey: 5 000 keys',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 15_000 }, (_, n) => ({ key: `key ${n % 5000}`, value: n }))))
        .apply(beam.groupByKey())
        .map(({ key, value }) => ({ key, value: sorted(value) })),
    }),
  },
  {
    name: 'groupByKey: a join by hand',
    build: (p) => {
      const users = p.apply(
        beam.create(INPUTS.users.map((name, age) => ({ key: name, value: { kind: 'user' as const, age } }))),
      );
      const orders = p
        .apply(beam.withName('Orders', beam.create(INPUTS.orders)))
        .map(({ user, price }) => ({ key: user, value: { kind: 'order' as const, price } }));
      return {
        out: beam
          .P([users, orders])
          .apply(
            beam.flatten<beam.KV<string, { kind: 'user'; age: number } | { kind: 'order'; price: number }>>(),
          )
          .apply(beam.groupByKey())
          .map(({ key, value }) => {
            const all = [...value];
            return {
              user: key,
              ages: all.flatMap((one) => (one.kind === 'user' ? [one.age] : [])),
              spent: all.reduce((sum, one) => sum + (one.kind === 'order' ? one.price : 0), 0),
            };
          }),
      };
    },
  },
  {
    name: 'groupBy: a function, a property and two',
    build: (p) => {
      const orders = p.apply(beam.create(INPUTS.orders));
      const ids = <K>(groups: beam.PCollection<beam.KV<K, Iterable<{ readonly id: number }>>>) =>
        groups.map(({ key, value }) => ({ key, ids: [...value].map(({ id }) => id).sort((a, b) => a - b) }));
      return {
        byFunction: orders
          .apply(beam.groupBy(({ price }) => Math.floor(price / 25)))
          .apply(beam.withName('A', ids)),
        byProperty: orders.apply(beam.groupBy('user')).apply(beam.withName('B', ids)),
        byTwo: orders.apply(beam.groupBy(['user', 'item'])).apply(beam.withName('C', ids)),
      };
    },
  },
  {
    name: 'groupBy: an async function',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.lines))
        .apply(
          beam.groupBy(async (line) => {
            await delay(1);
            return line.length % 2 === 0;
          }),
        )
        .apply(listed),
    }),
  },
  {
    name: 'keys, values and kvSwap',
    build: (p) => {
      const pairs = p.apply(beam.create(INPUTS.keys.map((key, value) => ({ key, value }))));
      return {
        keys: pairs.apply(beam.keys()),
        values: pairs.apply(beam.values()),
        swapped: pairs.apply(beam.kvSwap()),
      };
    },
  },
  {
    name: 'distinct: elements that look alike',
    build: (p) => ({
      // -0 and 0 are equal, and either may stay.
      keys: p
        .apply(beam.create(INPUTS.keys))
        .apply(beam.distinct())
        .map((key) => (key === 0 ? 0 : key)),
      users: p
        .apply(beam.create(INPUTS.orders))
        .map(({ user }) => user)
        .apply(beam.distinct()),
    }),
  },
  {
    name: 'countPerElement: elements that look alike',
    build: (p) => ({
      out: p
        .apply(beam.create([...INPUTS.keys, ...INPUTS.keys, ...INPUTS.texts]))
        .apply(beam.countPerElement())
        .map(({ key, value }) => ({ key: key === 0 ? 0 : key, value })),
    }),
  },
];
