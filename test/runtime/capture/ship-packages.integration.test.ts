import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capture, Elsewhere } from './ship.ts';

let elsewhere: Elsewhere;
/** What the packages export; their types do not matter here. */
type Package = Readonly<Record<string, (...args: unknown[]) => unknown>>;
let esm: Package;
let commonJs: Package;
let native: Package;

beforeAll(async () => {
  elsewhere = new Elsewhere();
  const write = (path: string, text: string) => {
    const file = join(elsewhere.directory, 'node_modules', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return pathToFileURL(file).href;
  };
  write(
    'esm/package.json',
    '{ "name": "esm", "version": "1.2.3", "type": "module", "exports": "./index.js" }',
  );
  write('esm/inner.js', 'let calls = 0; export const secret = (x) => [x, ++calls];');
  const index = write(
    'esm/index.js',
    `import { secret } from './inner.js';
    export function twice(x) { return secret(x * 2); }
    export const table = { thrice: (x) => secret(x * 3) };
    export function adder(n) { return (x) => secret(x + n); }
    export class Money { constructor(cents) { this.cents = cents; } plus(x) { return new Money(this.cents + x); } }
    export class Hidden { #n; constructor({ n }) { this.#n = n; } get() { return secret(this.#n); } }
    export default function named(x) { return twice(x); }`,
  );
  write('common/package.json', '{ "name": "common", "version": "4.5.6", "main": "main.js" }');
  write('common/lib/part.js', 'exports.half = (x) => x / 2;');
  const main = write(
    'common/main.js',
    `const { half } = require('./lib/part'); const path = require('path');
    module.exports = function common(x) { return [half(x), path.basename('/a/b'), typeof __dirname]; };
    module.exports.join = (a, b) => path.join(a, b);`,
  );
  write('nat/package.json', '{ "name": "nat", "version": "7.8.9", "main": "index.js" }');
  write('nat/binding.gyp', '{}');
  const nat = write('nat/index.js', 'exports.hash = (x) => "native " + x;');
  const load = async (url: string) => (await import(url)) as Package;
  [esm, commonJs, native] = await Promise.all([load(index), load(main), load(nat)]);
});
afterAll(() => elsewhere.close());

const ship = (value: unknown) => capture(value, { directory: elsewhere.directory });

test('captureModule() imports what a package exports, and bundles it', async () => {
  const { twice } = esm;
  const captured = await ship((x: number) => [twice?.(x), twice?.(x)]);
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped(2));')).toBe("'[[4,1],[4,2]]'");
  expect(captured.code).not.toContain(elsewhere.directory);
  expect(captured.code).not.toMatch(/^import /m);
});

test('captureModule() shares the modules of a package among functions, members, defaults and closures of it', async () => {
  const { twice, adder, default: named } = esm;
  const { table } = esm as unknown as { table: { thrice: (x: number) => unknown } };
  const add = adder?.(10) as (x: number) => unknown;
  const captured = await ship((x: number) => [twice?.(x), table.thrice(x), named?.(x), add(x)]);
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped(1));')).toBe(
    "'[[2,1],[3,2],[2,3],[11,4]]'",
  );
});

test('captureModule() ships a namespace as a whole', async () => {
  const namespace = esm;
  const captured = await ship((name: string) => namespace[name]?.(1));
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped("twice"));')).toBe("'[2,1]'");
});

test('captureModule() ships instances of classes that a package exports', async () => {
  const Money = esm.Money as unknown as new (cents: number) => { plus(x: number): unknown };
  const price = new Money(100);
  const captured = await ship(() => [price.plus(5), price.plus(5) instanceof Money]);
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped());')).toBe(`'[{"cents":105},true]'`);
});

test('captureModule() ships an instance with private fields of a class of a package', async () => {
  const Hidden = esm.Hidden as unknown as new (options: { n: number }) => { get(): unknown };
  const hidden = new Hidden({ n: 7 });
  const captured = await ship(() => [hidden.get(), hidden instanceof Hidden]);
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped());')).toBe("'[[7,1],true]'");
});

test('captureModule() bundles CommonJS packages with what they require', async () => {
  const { default: common, join: joined } = commonJs;
  const captured = await ship((x: number) => [common?.(x), joined?.('a', 'b')]);
  expect(await elsewhere.probe(captured, 'return JSON.stringify(shipped(4));')).toBe(
    `'[[2,"b","string"],"a/b"]'`,
  );
});

test('captureModule() leaves a native package out, and names it', async () => {
  const { hash } = native;
  const captured = await ship((x: number) => hash?.(x));
  expect(captured.nativePackages).toEqual([{ name: 'nat', version: '7.8.9' }]);
  expect(captured.code).toMatch(/from "nat"|require\("nat"\)/);
  expect(await elsewhere.probe(captured, 'return shipped(1);')).toBe("'native 1'");
});

test('captureModule() gives the same bytes for the same request', async () => {
  const { twice } = esm;
  const made = () => {
    const shared = { n: 1 };
    return { f: (x: number) => [twice?.(x), shared], shared };
  };
  const [first, second] = [await ship(made()), await ship(made())];
  expect(second.code).toBe(first.code);
  expect(second.sha256).toBe(first.sha256);
});
