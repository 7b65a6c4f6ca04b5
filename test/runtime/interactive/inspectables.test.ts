import { afterEach, expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { environment } from '../../../runtime/src/interactive/environment.ts';
import * as ib from '../../../runtime/src/interactive/index.ts';

const HOST = Symbol.for('millrace.notebook');
afterEach(() => {
  environment.watched.clear();
  Reflect.deleteProperty(globalThis, HOST);
});

/** A notebook around us with these variables. */
function notebook(variables: Readonly<Record<string, unknown>>) {
  const host: ib.NotebookHost = {
    display: () => undefined,
    clearOutput: () => undefined,
    signal: new AbortController().signal,
    executionCount: 1,
    variableName: (value) => Object.keys(variables).find((name) => variables[name] === value),
  };
  Reflect.set(globalThis, HOST, host);
}

function build() {
  const p = beam.pipeline('numbers');
  const numbers = p.apply(beam.create([1, 2, 3]));
  const counts = numbers.apply(beam.countGlobally());
  return { p, numbers, counts };
}

const named = () => ib.inspectables().map(({ kind, name }) => `${kind} ${name}`);

test('inspectables() are the pipelines and PCollections that variables of the notebook hold, in order', () => {
  const { p, counts, numbers } = build();
  notebook({ total: counts, other: 5, p, numbers });
  expect(ib.inspectables()).toEqual([
    { kind: 'Pipeline', name: 'p', value: p },
    { kind: 'PCollection', name: 'numbers', value: numbers },
    { kind: 'PCollection', name: 'total', value: counts },
  ]);
});

test('inspectables() no longer have what a variable held before it was assigned anew', () => {
  const before = build();
  const variables: Record<string, unknown> = { ...before };
  notebook(variables);
  expect(named().length).toBe(3);
  const after = build();
  Object.assign(variables, after);
  expect(ib.inspectables().map(({ value }) => value)).toEqual([after.p, after.numbers, after.counts]);
});

test('watch() names what the properties of an object hold, also those that it gets later, in a script', () => {
  const { p, numbers, counts } = build();
  expect(named()).toEqual([]);
  const steps: Record<string, unknown> = { p, five: 5 };
  ib.watch(steps);
  ib.watch(steps);
  expect(named()).toEqual(['Pipeline p']);
  Object.assign(steps, { counts, again: counts });
  expect(named()).toEqual(['Pipeline p', 'PCollection counts']);
  ib.watch({ inner: numbers });
  expect(named()).toEqual(['Pipeline p', 'PCollection inner', 'PCollection counts']);
  expect(ib.explain(numbers).title).toBe('inner');
});

test('a variable of the notebook goes before a watched name, and getters are not called', () => {
  const { numbers } = build();
  notebook({ mine: numbers });
  ib.watch({
    theirs: numbers,
    get bad() {
      throw new RangeError('called');
    },
  });
  expect(named()).toEqual(['PCollection mine']);
});

test('watch() takes a pipeline that `pipeline` did not make, and a PCollection alone', () => {
  const p = new beam.Pipeline('own', {
    run: () => Promise.reject(new TypeError()),
    display: () => Promise.resolve({}),
  });
  const numbers = p.apply(beam.create([1]));
  ib.watch({ numbers });
  expect(named()).toEqual(['PCollection numbers']);
});

test('watch() refuses what has no names', () => {
  const { p, numbers } = build();
  expect(() => ib.watch(p)).toThrow('as in watch({ counts }): received an instance of Pipeline');
  expect(() => ib.watch(numbers)).toThrow('received an instance of PCollection');
  expect(() => ib.watch(null as never)).toThrow('received null');
  expect(() => ib.watch('globals' as never)).toThrow('received the string "globals"');
});
