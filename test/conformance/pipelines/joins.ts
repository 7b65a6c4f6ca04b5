import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { events, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

type Pairs<V> = beam.PCollection<beam.KV<string, V>>;

const kv = <V>(key: string, value: V): beam.KV<string, V> => ({ key, value });
const USERS = [kv('ada', 36), kv('bo', 20), kv('bo', 21), kv('ü', 3)];
const ORDERS = [kv('bo', 'tea'), kv('bo', 'cake'), kv('eve', 'rum'), kv('ü', 'milk')];

const users = (p: beam.Pipeline) => p.apply(beam.create(USERS));
const orders = (p: beam.Pipeline) => p.apply(beam.create(ORDERS));

const windowed = (p: beam.Pipeline, seconds: number): Pairs<number> =>
  events(p, INPUTS.events).apply(beam.windowInto(beam.windows.fixed({ seconds })));

export const JOINS: readonly ConformanceCase[] = [
  {
    name: 'coGroupByKey: two PCollections',
    build: (p) => ({
      out: beam
        .P({ users: users(p), orders: orders(p) })
        .apply(beam.coGroupByKey())
        .map(({ key, value }) => ({ key, users: sorted(value.users), orders: sorted(value.orders) })),
    }),
  },
  {
    name: 'coGroupByKey: three PCollections, one of them empty',
    build: (p) => ({
      out: beam
        .P({ a: users(p), b: p.apply(beam.create<beam.KV<string, number>>([])), c: users(p) })
        .apply(beam.coGroupByKey())
        .map(({ key, value: { a, b, c } }) => ({ key, a: sorted(a), b: sorted(b), c: sorted(c) })),
    }),
  },
  {
    name: 'coGroupByKey: in windows',
    build: (p) => ({
      out: beam
        .P({ all: windowed(p, 60), even: windowed(p, 60).filter(({ value }) => value % 2 === 0) })
        .apply(beam.coGroupByKey())
        .map(({ key, value }) => ({ key, all: sorted(value.all), even: sorted(value.even) }))
        .apply(shown),
    }),
  },
  { name: 'joins: inner', build: (p) => ({ out: users(p).apply(beam.innerJoin(orders(p))) }) },
  { name: 'joins: left', build: (p) => ({ out: users(p).apply(beam.leftOuterJoin(orders(p))) }) },
  { name: 'joins: right', build: (p) => ({ out: users(p).apply(beam.rightOuterJoin(orders(p))) }) },
  { name: 'joins: full', build: (p) => ({ out: users(p).apply(beam.fullOuterJoin(orders(p))) }) },
  {
    name: 'joins: inner, in windows',
    build: (p) => ({
      out: windowed(p, 60)
        .filter(({ value }) => value < 10)
        .apply(beam.innerJoin(windowed(p, 60).filter(({ value }) => value % 3 === 0)))
        .apply(shown),
    }),
  },
  {
    name: 'withKeys: a function and one key for all',
    build: (p) => ({
      lengths: p.apply(beam.create(['a', 'bb', 'ü'])).apply(beam.withKeys((word) => word.length)),
      all: p.apply(beam.create(['a', 'bb'])).apply(beam.withKeys('all')),
    }),
  },
];
