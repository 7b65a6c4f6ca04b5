import { expect, test } from 'vitest';
import { digestValue } from '../../../runtime/src/capture/digest.ts';
import { UndigestibleError } from '../../../runtime/src/errors.ts';
import { evaluate } from './evaluate.ts';

/** The error that the digest of what `body` returns throws, as "path: reason". */
function refusal(body: string): string {
  try {
    digestValue(evaluate(body));
  } catch (error) {
    if (error instanceof UndigestibleError) return `${error.path}: ${error.reason}`;
    throw error;
  }
  return 'digested';
}

const holding = (value: string) => `const db = ${value}; return function enrich(x) { return [x, db]; };`;

test.each([
  ['a promise', 'Promise.resolve(1)', '"db" captured by "enrich": is a promise'],
  ['a WeakMap', 'new WeakMap()', '"db" captured by "enrich": is a WeakMap, whose entries cannot be listed'],
  ['a WeakRef', 'new WeakRef({})', '"db" captured by "enrich": is a WeakRef'],
  ['a Proxy', 'new Proxy({}, {})', '"db" captured by "enrich": is a Proxy'],
  ['a generator', '(function* () {})()', '"db" captured by "enrich": is a running generator'],
  ['an iterator', '[1].values()', '"db" captured by "enrich": is an ArrayIterator'],
  [
    'deep inside',
    '({ a: [1, { b: Promise.resolve(1) }] })',
    '"db".a[1].b captured by "enrich": is a promise',
  ],
  [
    'in a private field',
    'new (class A { #p = Promise.resolve(1); })()',
    '"db".#p captured by "enrich": is a promise',
  ],
  [
    'a function of the engine',
    'new Intl.NumberFormat("en").format',
    '"db" used by "enrich": is a native function that is not known',
  ],
  [
    'nested too deeply',
    '(() => { let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a; })()',
    expect.stringContaining('nested more than'),
  ],
  [
    'a socket',
    'new (process.getBuiltinModule("node:net").Socket)()',
    expect.stringContaining('made by Node'),
  ],
  [
    'a closure of Node',
    'process.getBuiltinModule("node:util").promisify(() => 1)',
    expect.stringContaining('was made by node:internal/util'),
  ],
])('digestValue() refuses %s, and says where it is', (_name, value, want) => {
  expect(refusal(holding(value))).toEqual(want);
});

test.each([
  [
    'eval',
    'return function f(x) { return eval(x); };',
    '"f": uses eval, so what it depends on cannot be told',
  ],
  [
    'with',
    'return function f(x) { with (x) { return y; } };',
    '"f": uses a with statement, so what its names mean cannot be told',
  ],
  [
    'import()',
    'return function f() { return import("./a.js"); };',
    '"f": imports a module while it runs, so a change of that module would go unseen',
  ],
  [
    'import() as a cell has it',
    'const load = Object.assign(() => 1, { [Symbol.for("millrace.identity")]: "millrace import" }); return function f() { return load("./a.js"); };',
    '"f": imports a module while it runs, so a change of that module would go unseen',
  ],
  [
    'the this of the code around',
    'return (function () { const f = () => this; return f; }).call({ a: 1 });',
    '"f": uses the `this` of the code around it, which cannot be read',
  ],
  [
    'the whole cells object',
    'return function f() { return CELLS; };',
    '"f": uses all cells at once, so what it depends on cannot be told',
  ],
  [
    'what a helper of a helper holds',
    'const p = Promise.resolve(1); const a = () => p, b = () => a(); return () => b();',
    '"p" captured by "a": is a promise',
  ],
])('digestValue() refuses %s', (_name, body, want) => {
  expect(refusal(body)).toBe(want);
});

test('digestValue() calls no getter of the user', () => {
  expect(refusal('const o = { get a() { throw new Error("called"); } }; return () => o.a;')).toBe('digested');
});

test('digestValue() names its parts as a person would', () => {
  const fn = evaluate(`
    const suffixes = ['ing'];
    class Stemmer { run(w) { return w + suffixes; } }
    const stem = (w) => new Stemmer().run(w);
    CELLS.stopwords = new Set();
    return (w) => CELLS.stopwords.has(w) ? '' : stem(w);`);
  expect([...digestValue(fn).parts.keys()].sort()).toEqual([
    'helper "stem"',
    'helper "stem" → class "Stemmer"',
    'helper "stem" → class "Stemmer" → method "run"',
    'helper "stem" → class "Stemmer" → value "suffixes"',
    'source',
    'value "stopwords"',
  ]);
});
