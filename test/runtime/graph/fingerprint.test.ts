import { expect, test } from 'vitest';
import { digestValue } from '../../../runtime/src/capture/digest.ts';
import { PipelineError } from '../../../runtime/src/errors.ts';
import { explainChange } from '../../../runtime/src/graph/explain-change.ts';
import { fingerprints, type Fingerprint } from '../../../runtime/src/graph/fingerprint.ts';
import type { PrimitiveSpec } from '../../../runtime/src/model/applied-ptransform.ts';
import type { PCollection } from '../../../runtime/src/model/pcollection.ts';
import * as beam from '../../../runtime/src/index.ts';
import { Pipeline } from '../../../runtime/src/model/pipeline.ts';

/** A pipeline that nobody runs. */
const pipeline = () =>
  new Pipeline('test', {
    run: () => Promise.reject(new TypeError('not run')),
    display: () => Promise.reject(new TypeError('not shown')),
  });

/** Applies one primitive, and returns its outputs. */
function apply(
  p: Pipeline,
  spec: PrimitiveSpec,
  inputs: readonly PCollection<unknown>[] = [],
  name?: string,
) {
  return p.addPrimitive({ label: spec.kind, name, spec, inputs });
}

const elements = (...values: unknown[]): PrimitiveSpec => ({ kind: 'create', elements: values });
const map = (fn: (x: never) => unknown, context: object = {}): PrimitiveSpec => ({
  kind: 'map',
  fn,
  context,
});
const reading = (fingerprint: () => Promise<string>): PrimitiveSpec => ({
  kind: 'read',
  source: { shards: () => Promise.resolve([]), read: () => Promise.resolve(), fingerprint },
});

/** The fingerprint of what `build` returns, in a pipeline of its own. */
async function of(build: (p: Pipeline) => PCollection<unknown> | undefined): Promise<Fingerprint> {
  const p = pipeline();
  const target = build(p);
  const transforms = p.transforms.filter(({ spec }) => spec !== undefined);
  const names = new Map(transforms.map((transform) => [transform, transform.label]));
  const found = await fingerprints({ targets: [], inputs: [], transforms }, { digest: digestValue, names });
  const fingerprint = target && found.get(target.id);
  if (fingerprint === undefined) throw new TypeError('Cannot find the PCollection that was built');
  return fingerprint;
}

const keyOf = (fingerprint: Fingerprint) => (fingerprint.kind === 'key' ? fingerprint.key : 'none');
const double = (x: number) => x * 2;
const triple = (x: number) => x * 3;
const chain =
  (first: PrimitiveSpec, ...rest: PrimitiveSpec[]) =>
  (p: Pipeline) =>
    rest.reduce((input, spec) => apply(p, spec, [input]).main, apply(p, first).main);

test('fingerprints() does not depend on names, ids and what else the pipeline holds', async () => {
  const plain = await of(chain(elements(1), map(double)));
  const other = await of((p) => {
    apply(p, elements(7), [], 'Unrelated');
    const made = apply(p, elements(1), [], 'Numbers').main;
    return apply(p, map(double), [made], 'Double').main;
  });
  expect(keyOf(plain)).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOf(other)).toBe(keyOf(plain));
});

const group: PrimitiveSpec = { kind: 'groupByKey' };
const sum = { createAccumulator: () => 0, addInput: (a: number, b: number) => a + b };

test.each<[string, PrimitiveSpec[], PrimitiveSpec[]]>([
  ['elements', [elements(1)], [elements(2)]],
  ['the input, further up', [elements(1), map(double), group], [elements(2), map(double), group]],
  ['a function', [elements(1), map(double)], [elements(1), map(triple)]],
  [
    'the kind',
    [elements(1), map(double)],
    [elements(1), { ...map(double), kind: 'filter' } as PrimitiveSpec],
  ],
  ['the context', [elements(1), map(double, { a: 1 })], [elements(1), map(double, { a: 2 })]],
  ['one more step', [elements(1), map(double)], [elements(1), map(double), map(double)]],
  ['the source', [reading(() => Promise.resolve('a'))], [reading(() => Promise.resolve('b'))]],
  [
    'a CombineFn',
    [elements(1), { kind: 'combinePerKey', fn: { ...sum } as never }],
    [elements(1), { kind: 'combinePerKey', fn: { ...sum, createAccumulator: () => 1 } as never }],
  ],
])('fingerprints() differ in %s', async (_name, before, after) => {
  const [first, ...rest] = before;
  const [other, ...others] = after;
  if (first === undefined || other === undefined) throw new TypeError('empty');
  const key = keyOf(await of(chain(first, ...rest)));
  expect(key).not.toBe('none');
  expect(keyOf(await of(chain(first, ...rest)))).toBe(key);
  expect(keyOf(await of(chain(other, ...others)))).not.toBe(key);
});

const split: PrimitiveSpec = {
  kind: 'parDo',
  doFn: { process: (x: number) => [x] },
  context: {},
  tags: ['bad'],
};

test('fingerprints() tell the outputs of one transform apart', async () => {
  const output = (tag: string) =>
    of((p) => {
      const made = apply(p, elements(1)).main;
      return apply(p, split, [made])[tag];
    });
  expect(keyOf(await output('bad'))).not.toBe(keyOf(await output('main')));
});

test('fingerprints() depend on the order of the inputs of a flatten', async () => {
  const flat = (first: number, second: number) =>
    of((p) => {
      const inputs = [first, second].flatMap((n) => apply(p, elements(n)).main);
      return apply(p, { kind: 'flatten' }, inputs).main;
    });
  expect(keyOf(await flat(1, 2))).toBe(keyOf(await flat(1, 2)));
  expect(keyOf(await flat(1, 2))).not.toBe(keyOf(await flat(2, 1)));
});

test('fingerprints() give no key to what cannot be told, nor to what comes from it, and say why', async () => {
  const pending = Promise.resolve(1);
  const want = { kind: 'none', reason: 'in "map", "pending" captured by "waiting" is a promise' };
  const waiting = (x: number) => [x, pending];
  expect(await of(chain(elements(1), map(waiting)))).toEqual(want);
  expect(await of(chain(elements(1), map(waiting), map(double), group))).toEqual(want);
});

test('fingerprints() give no key to a transform with effects', async () => {
  const write: PrimitiveSpec = { ...split, hasEffects: true };
  expect(await of(chain(elements(1), write))).toEqual({
    kind: 'none',
    reason: '"parDo" writes, so it runs every time',
  });
});

test('fingerprints() reject with what the source says', async () => {
  const error = new PipelineError('Cannot read', { hint: 'Look for the file' });
  await expect(of(chain(reading(() => Promise.reject(error))))).rejects.toBe(error);
});

test('explainChange() says what changed, the outermost part first', async () => {
  const suffixes = ['ing'];
  const build = (n: number) => {
    const stem = (x: number) => (n > 1 ? x : suffixes.length);
    return of(
      chain(
        elements(1),
        map((x: number) => stem(x)),
      ),
    );
  };
  const before = await build(1);
  const one = before.kind === 'key' ? before.parts : undefined;
  const after = await build(2);
  if (one === undefined || after.kind === 'none') throw new TypeError('no key');
  expect(explainChange(undefined, one)).toBe('never computed before');
  expect(explainChange(one, one)).toBe('nothing changed');
  expect(explainChange(one, after.parts)).toBe('helper "stem" → value "n" changed');
});

test.each([
  [{ source: '1' }, { source: '2' }, 'source changed'],
  [
    { 'helper "a"': '1', 'helper "a" → helper "b"': '1' },
    { 'helper "a"': '2', 'helper "a" → helper "b"': '2' },
    'helper "a" changed',
  ],
  [{ source: '1', input: '1' }, { source: '2', input: '2' }, 'source changed and input changed'],
  [
    { source: '1' },
    { source: '2', 'helper "a"': '1', 'value "b"': '1' },
    'source changed, helper "a" is new and 1 more part',
  ],
  [{ source: '1', 'helper "a"': '1' }, { source: '1' }, 'helper "a" is gone'],
])('explainChange() of %j and %j', (before, after, want) => {
  const parts = (record: object) => new Map<string, string>(Object.entries(record));
  expect(explainChange(parts(before), parts(after))).toBe(want);
});

test('a side input is part of the key, and its name is', async () => {
  const looking = (name: string, ...values: number[]) =>
    of((p) => {
      const side = beam.singletonSideInput(apply(p, elements(...values)).main);
      return apply(
        p,
        map((x: number) => x, { [name]: side }),
        [apply(p, elements(1)).main],
      ).main;
    }).then(keyOf);
  expect(await looking('a', 1)).toBe(await looking('a', 1));
  expect(await looking('a', 1)).not.toBe(await looking('a', 2));
  expect(await looking('a', 1)).not.toBe(await looking('b', 1));
});
