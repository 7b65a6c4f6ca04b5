import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const { regex } = beam;

const of = async <O>(
  words: readonly string[],
  transform: beam.PTransform<beam.PCollection<string>, beam.PCollection<O>>,
) => (await collect(beam.pipeline().apply(beam.create(words)).apply(transform))).values;

// Expected values: of Python's re with the same patterns.

test('regex.matches() matches from the first character on, whatever flags the pattern has', async () => {
  const words = ['ab1', 'xab', 'a', 'x\na'];
  expect(await of(words, regex.matches(/ab?/))).toEqual(['ab', 'a']);
  expect(await of(words, regex.matches(/^ab?/gm))).toEqual(['ab', 'a']);
  expect(await of(words, regex.matches(/a(b)?/y, 1))).toEqual(['b', null]);
  expect(await of(['ÄB'], regex.matches(/ä(?<rest>.)/iu, 'rest'))).toEqual(['B']);
});

test('regex.allMatches() and matchesKv() give groups of the match at the start', async () => {
  expect(await of(['a 1', '1 a'], regex.allMatches(/(\w) (\d)(x)?/))).toEqual([['a 1', 'a', '1', null]]);
  expect(await of(['a 1', ' '], regex.matchesKv(/(\w) (\d)/, 1, 2))).toEqual([{ key: 'a', value: '1' }]);
  expect(await of(['a 1'], regex.matchesKv(/(\w) (\d)/, 1))).toEqual([{ key: 'a', value: 'a 1' }]);
});

test('regex.find(), findAll() and findKv() search anywhere', async () => {
  expect(await of(['xab', 'ab ab', ''], regex.find(/(a)b/g, 1))).toEqual(['a', 'a']);
  expect(await of(['ab1c', ''], regex.findAll(/[a-z]*/))).toEqual([['ab', '', 'c', ''], ['']]);
  expect(await of(['ab1c', ''], regex.findAll(/[a-z]*/, 0, { outputEmpty: false }))).toEqual([
    ['ab', 'c'],
    [],
  ]);
  expect(await of(['a=1 b=2', ''], regex.findKv(/(\w)=(\d)/, 1, 2))).toEqual([
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ]);
});

test('regex.replaceAll(), replaceFirst() and split() do as their names say', async () => {
  expect(await of(['xx', 'y'], regex.replaceAll(/(x)/, '[$1]'))).toEqual(['[x][x]', 'y']);
  expect(await of(['xx', 'y'], regex.replaceFirst(/(x)/g, '[$1]'))).toEqual(['[x]x', 'y']);
  expect(await of(['a,,b,', ''], regex.split(/,/))).toEqual([['a', 'b'], []]);
  expect(await of(['a,,b,', ''], regex.split(/,/, { outputEmpty: true }))).toEqual([
    ['a', '', 'b', ''],
    [''],
  ]);
  expect(await of(['axbc'], regex.split(/(x*)/, { outputEmpty: true }))).toEqual([
    ['', '', 'a', 'x', '', '', 'b', '', 'c', '', ''],
  ]);
});

test('regex refuses a group that the pattern does not have, and what is no RegExp', async () => {
  await expect(of(['a'], regex.matches(/a/, 1))).rejects.toThrow('must have it: received 1');
  await expect(of(['a'], regex.find(/a/, 'toString'))).rejects.toThrow('received "toString"');
  expect(() => regex.split(',' as never)).toThrow('must be a RegExp: received the string ","');
});
