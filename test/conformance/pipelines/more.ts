import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { events, shown, type Event } from '../event-time.ts';

/** No two at one time: which of these is the latest is for a runner to say. */
const TIMES: readonly Event[] = [
  [-61, 'a', 1],
  [5, 'b', 2],
  [70, 'a', 3],
  [12, 'a', 4],
  [65, 'b', 5],
  [-3, 'ü', 6],
];

const LINES = ['ada=36 bo=7', 'bo=20', '', ' ada=1', 'ü=5;ada=2', '==', 'none\nbo=3'];

const PAIR = /([a-z]+)=([0-9]+)/;

const { regex, toStrings } = beam;

const lines = (p: beam.Pipeline) => p.apply(beam.create(LINES));
const timed = (p: beam.Pipeline) => events(p, TIMES);
const windowed = (p: beam.Pipeline) => timed(p).apply(beam.windowInto(beam.windows.fixed({ seconds: 60 })));

export const MORE: readonly ConformanceCase[] = [
  { name: 'latest: globally', build: (p) => ({ out: timed(p).apply(beam.latestGlobally()) }) },
  {
    name: 'latest: globally, of no elements',
    build: (p) => ({ out: p.apply(beam.create<number>([])).apply(beam.latestGlobally()) }),
  },
  {
    name: 'latest: globally, in windows',
    build: (p) => ({
      out: windowed(p)
        .apply(beam.latestGlobally({ withoutDefaults: true }))
        .apply(shown),
    }),
  },
  { name: 'latest: per key', build: (p) => ({ out: timed(p).apply(beam.latestPerKey()) }) },
  {
    name: 'latest: per key, in windows',
    build: (p) => ({ out: windowed(p).apply(beam.latestPerKey()).apply(shown) }),
  },
  {
    name: 'regex: matches',
    build: (p) => ({
      whole: lines(p).apply(regex.matches(PAIR)),
      group: lines(p).apply(regex.matches(PAIR, 2)),
      lines: lines(p).apply(regex.matches(/^([a-z]+)=([0-9]+)/m)),
    }),
  },
  { name: 'regex: all matches', build: (p) => ({ out: lines(p).apply(regex.allMatches(PAIR)) }) },
  {
    name: 'regex: matches as key and value',
    build: (p) => ({ out: lines(p).apply(regex.matchesKv(PAIR, 1, 2)) }),
  },
  {
    name: 'regex: find',
    build: (p) => ({ whole: lines(p).apply(regex.find(PAIR)), group: lines(p).apply(regex.find(PAIR, 2)) }),
  },
  {
    name: 'regex: find all',
    build: (p) => ({
      keys: lines(p).apply(regex.findAll(PAIR, 1)),
      empty: lines(p).apply(regex.findAll(/[a-z]*/)),
      filled: lines(p).apply(regex.findAll(/[a-z]*/, 0, { outputEmpty: false })),
    }),
  },
  {
    name: 'regex: find keys and values',
    build: (p) => ({ out: lines(p).apply(regex.findKv(PAIR, 1, 2)) }),
  },
  {
    name: 'regex: replace',
    build: (p) => ({
      all: lines(p).apply(regex.replaceAll(PAIR, '$2:$1')),
      first: lines(p).apply(regex.replaceFirst(PAIR, '$2:$1')),
    }),
  },
  {
    name: 'regex: split',
    build: (p) => ({
      filled: lines(p).apply(regex.split(/[ =]/)),
      empty: lines(p).apply(regex.split(/[ =]/, { outputEmpty: true })),
      groups: lines(p).apply(regex.split(/(=*)/, { outputEmpty: true })),
    }),
  },
  {
    name: 'toStrings: elements, keys and values, iterables',
    build: (p) => {
      const pairs = () =>
        p.apply(
          beam.create([
            { key: 'a', value: 1 },
            { key: 'ü', value: 2 },
          ]),
        );
      return {
        elements: p.apply(beam.create([1, 'b', 2.5])).apply(toStrings.element()),
        kvs: pairs().apply(toStrings.kvs()),
        tabs: pairs().apply(toStrings.kvs('\t')),
        lists: p.apply(beam.create([[1, 2], [], ['x']])).apply(toStrings.iterables(' ')),
      };
    },
  },
  {
    name: 'logElements: passes elements on',
    build: (p) => ({
      out: windowed(p)
        .apply(beam.logElements({ prefix: 'more ', withWindow: true }))
        .apply(shown),
    }),
  },
];
