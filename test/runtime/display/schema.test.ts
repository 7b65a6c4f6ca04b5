import { expect, test } from 'vitest';
import { inferSchema } from '../../../runtime/src/display/schema.ts';

class Whale {
  name = 'Moby';
}

const thrower = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new TypeError('no');
    },
    getOwnPropertyDescriptor: () => {
      throw new TypeError('no');
    },
  },
);

test.each([
  { name: 'numbers', rows: [1, 2], want: 'values element:integer' },
  { name: 'integers among numbers', rows: [1, 2.5, NaN], want: 'values element:number' },
  { name: 'no rows', rows: [], want: 'values ' },
  { name: 'only nulls', rows: [null, undefined], want: 'values element:null(2)' },
  { name: 'mixed values', rows: ['a', 'b', 1, null], want: 'values element:string | integer(1)' },
  {
    name: 'KVs',
    rows: [
      { key: 'a', value: 1 },
      { value: 2, key: 'b' },
    ],
    want: 'keyValues key:string value:integer',
  },
  {
    name: 'KVs with objects in them',
    rows: [{ key: { a: 1, b: 2n }, value: { total: true } }],
    want: 'keyValues key.a:integer key.b:bigint value.total:boolean',
  },
  {
    name: 'KVs of which one value is no object',
    rows: [
      { key: 'a', value: { total: 1 } },
      { key: 'b', value: 2 },
    ],
    want: 'keyValues key:string value:object | integer',
  },
  {
    name: 'KVs of grouped values',
    rows: [{ key: 'a', value: [1, 2] }],
    want: 'keyValues key:string value:array',
  },
  { name: 'ragged objects', rows: [{ a: 1 }, { b: 'x' }], want: 'records a:integer(1) b:string(1)' },
  { name: 'objects without properties', rows: [{}, {}], want: 'values element:object' },
  { name: 'objects and a number', rows: [{ a: 1 }, 7], want: 'values element:object | integer' },
  { name: 'class instances', rows: [new Whale()], want: 'records name:string' },
  { name: 'dates', rows: [new Date(0)], want: 'values element:date' },
  {
    name: 'maps, sets and bytes',
    rows: [new Map(), new Set(), new Uint8Array(1)],
    want: 'values element:map | set | bytes',
  },
  { name: 'functions and symbols', rows: [() => 1, Symbol('s')], want: 'values element:function | symbol' },
  { name: 'a proxy that throws', rows: [thrower], want: 'values element:object' },
  { name: 'a column named like none', rows: [{ '': 1 }], want: 'records "":integer' },
])('inferSchema() of $name', ({ rows, want }) => {
  const { shape, columns } = inferSchema(rows);
  const texts = columns.map(({ name, type, nulls }) => `${name}:${type}${nulls > 0 ? `(${nulls})` : ''}`);
  expect(`${shape} ${texts.join(' ')}`).toBe(want);
});

test('inferSchema() counts the columns beyond its bound', () => {
  const wide = Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`c${index}`, index]));
  const schema = inferSchema([wide]);
  expect([schema.columns.length, schema.omittedColumns]).toEqual([1000, 200]);
});
