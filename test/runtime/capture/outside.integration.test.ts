import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Outside } from './outside.ts';
import { DIFFERENT, SAME } from './pairs.ts';

let outside: Outside;
beforeAll(() => {
  outside = new Outside();
  outside.write('pairs.json', JSON.stringify([...SAME, ...DIFFERENT].filter((_, i) => i % 6 === 0)));
  outside.write('node_modules/cjs/package.json', '{ "name": "cjs", "version": "1.0.0" }');
  outside.write(
    'node_modules/cjs/index.js',
    `const fn = 'the module has this name too';
     let calls = 0;
     exports.make = function make(fn) { return (x) => { calls++; return fn(x); }; };
     exports.count = () => calls;
     exports.Base = class Base { run() { calls++; } };`,
  );
  outside.write('node_modules/esm/package.json', '{ "name": "esm", "version": "1.0.0", "type": "module" }');
  outside.write(
    'node_modules/esm/index.js',
    `const cache = new WeakMap();
     export const make = (fn) => (x) => { cache.set(fn, x); return fn(x); };
     export const top = (x) => cache.get(x);`,
  );
});
afterAll(() => rmSync(outside.directory, { recursive: true, force: true }));

/** Prints both keys of every pair. */
const KEYS = `
  import { readFileSync } from 'node:fs';
  import { runInThisContext } from 'node:vm';
  const evaluate = (body) =>
    runInThisContext('((CELLS) => {' + body + '\\n})', { filename: 'cell' })({ [Symbol.for('millrace.cells')]: true });
  const pairs = JSON.parse(readFileSync(new URL('pairs.json', import.meta.url), 'utf8'));
  const keys = pairs.map(({ before, after }) => [before, after].map((body) => digestValue(evaluate(body)).key));
`;

test('digestValue() gives the same keys in two processes and in a worker thread', async () => {
  const first = (await outside.inProcess(`${KEYS} console.log(JSON.stringify(keys));`)) as string[][];
  expect(first.filter(([before, after]) => before === after)).toHaveLength(Math.ceil(SAME.length / 6));
  expect(first.length).toBeGreaterThan(20);
  expect(await outside.inProcess(`${KEYS} console.log(JSON.stringify(keys));`)).toEqual(first);
  expect(await outside.inWorker(`${KEYS} parentPort.postMessage(keys);`)).toEqual(first);
});

test('digestValue() sees a changed function or constant of a local module that is imported again', async () => {
  const module = (end: string, constant: number) =>
    `import { readFileSync } from 'node:fs';
     const n = ${constant}; const inner = (x) => ${end}; export const helper = (x) => inner(x) + n;
     export const unused = ${Math.random()}; export const read = () => readFileSync;`;
  outside.write('a.mjs', module('x', 1));
  outside.write('b.mjs', module('/* same */ x', 1));
  outside.write('c.mjs', module('-x', 1));
  outside.write('d.mjs', module('x', 2));
  const keys = await outside.inProcess(`
    const keys = [];
    for (const file of ['a', 'b', 'c', 'd']) {
      const local = await import('./' + file + '.mjs');
      keys.push(digestValue((x) => local.helper(x)).key);
    }
    console.log(JSON.stringify(keys));`);
  const [a, b, c, d] = keys as string[];
  expect(b).toBe(a);
  expect(new Set([a, c, d]).size).toBe(3);
});

test.each([
  ['cjs', 'function of the user', 'cjs.make((x) => x)', 'cjs.make((x) => -x)'],
  ['esm', 'function of the user', 'esm.make((x) => x)', 'esm.make((x) => -x)'],
])('digestValue() of a closure of the %s package sees the %s in it', async (_name, _what, one, other) => {
  const [a, b, c] = (await outside.inProcess(`
    import cjs from 'cjs'; import * as esm from 'esm';
    console.log(JSON.stringify([${one}, ${one}, ${other}].map((fn) => digestValue((x) => fn(x)).key)));`)) as string[];
  expect(b).toBe(a);
  expect(c).not.toBe(a);
});

test("digestValue() does not look at a package's own state, and sees its version", async () => {
  const code = `
    import cjs from 'cjs'; import * as esm from 'esm';
    const keys = () => [() => cjs.count(), (x) => esm.top(x), new (class A extends cjs.Base {})()].map((fn) => digestValue(fn).key);
    const before = keys();
    cjs.make((x) => x)(1);
    console.log(JSON.stringify([before, keys()]));`;
  const [before, after] = (await outside.inProcess(code)) as string[][];
  expect(after).toEqual(before);
  outside.write('node_modules/cjs/package.json', '{ "name": "cjs", "version": "1.0.1" }');
  outside.write('node_modules/esm/package.json', '{ "name": "esm", "version": "1.0.1", "type": "module" }');
  const [updated = []] = (await outside.inProcess(code)) as string[][];
  expect(updated.filter((key, i) => key === before?.[i])).toEqual([]);
});
