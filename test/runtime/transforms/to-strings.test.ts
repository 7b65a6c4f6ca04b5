import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const create = <T>(values: readonly T[]) => beam.pipeline().apply(beam.create(values));
const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

test('toStrings.element() gives each element as a string', async () => {
  const elements = ['ü', 1.5, -0, NaN, 5n, null, true, { a: 1 }, [1, 'b']];
  expect(await valuesOf(create<unknown>(elements).apply(beam.toStrings.element()))).toEqual([
    ...['ü', '1.5', '0', 'NaN', '5', 'null', 'true', '{"a":1}', '[1,"b"]'],
  ]);
});

test('toStrings.kvs() and iterables() put a delimiter between, a comma unless told otherwise', async () => {
  const pairs = create([{ key: 'a', value: 1 }]);
  expect(await valuesOf(pairs.apply(beam.toStrings.kvs()))).toEqual(['a,1']);
  expect(await valuesOf(pairs.apply(beam.toStrings.kvs('\t')))).toEqual(['a\t1']);
  const lists = create<readonly unknown[]>([[1, 'b', null], []]);
  expect(await valuesOf(lists.apply(beam.toStrings.iterables()))).toEqual(['1,b,null', '']);
  expect(await valuesOf(lists.apply(beam.toStrings.iterables('')))).toEqual(['1bnull', '']);
});
