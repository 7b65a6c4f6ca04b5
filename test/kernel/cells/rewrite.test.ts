// Long because it is a table: each row is one kind of code that a cell may hold.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { TypeScriptLanguage } from '../../../kernel/src/cells/type-script-language.ts';
import { Notebook, placesIn } from './notebook.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-rewrite-'));
writeFileSync(path.join(directory, 'numbers.json'), '{"one": 1}');
writeFileSync(
  path.join(directory, 'plain.mjs'),
  'export default 10; export const named = 11; export function add(a, b) { return a + b }',
);

const language = new TypeScriptLanguage(placesIn(directory));
let notebook: Notebook;
beforeEach(() => {
  notebook = new Notebook(directory, language);
});

/** Each row is a notebook: its cells, and the value of the last one. */
const ROWS: readonly { name: string; cells: readonly string[]; want: unknown }[] = [
  // The value of a cell
  { name: 'an expression', cells: ['1 + 1'], want: 2 },
  { name: 'nothing', cells: [''], want: undefined },
  { name: 'a comment', cells: ['// only this'], want: undefined },
  { name: 'a trailing semicolon', cells: ['1; 2;'], want: 2 },
  { name: 'several trailing semicolons', cells: ['3;;;'], want: 3 },
  { name: 'a trailing comment', cells: ['4 // four\n/* end */'], want: 4 },
  { name: 'a string alone, which is no directive', cells: ["'hello'"], want: 'hello' },
  { name: 'a string after a directive', cells: ["'use strict'; 'hello'"], want: 'hello' },
  { name: 'a declaration', cells: ['const x = 1'], want: undefined },
  { name: 'an if', cells: ['if (true) { 5 }'], want: undefined },
  { name: 'a loop', cells: ['for (const x of [1]) { x }'], want: undefined },
  { name: 'an assignment', cells: ['let x = 1', 'x = 7'], want: 7 },
  { name: 'an object in parentheses', cells: ['({ a: 1 })'], want: { a: 1 } },
  { name: 'a comma', cells: ['let x = 1', 'x++, x'], want: 2 },
  { name: 'an arrow function called', cells: ['(() => 8)()'], want: 8 },
  { name: 'a template', cells: ['const n = 2', '`n is ${n}`'], want: 'n is 2' },
  { name: 'undefined', cells: ['undefined'], want: undefined },
  { name: 'a value before an interface', cells: ['1\ninterface I { a: 1 }'], want: undefined },
  { name: 'text that is not ASCII', cells: ['const größe = "größer 🐋"', 'größe + "!"'], want: 'größer 🐋!' },
  { name: 'CRLF', cells: ['const a = 1;\r\na + 1\r\n'], want: 2 },

  // Declarations
  { name: 'const, let, var', cells: ['const a = 1; let b = 2; var c = 3', '[a, b, c]'], want: [1, 2, 3] },
  { name: 'several at once', cells: ['let a = 1, b = a + 1, c', '[a, b, c]'], want: [1, 2, undefined] },
  {
    name: 'let without a value',
    cells: ['let x: number | undefined = 5', 'let x: number | undefined', 'x'],
    want: undefined,
  },
  {
    name: 'destructuring an object',
    cells: ['const { a, b: c, ...rest } = { a: 1, b: 2, d: 3, e: 4 }', '[a, c, rest]'],
    want: [1, 2, { d: 3, e: 4 }],
  },
  {
    name: 'destructuring an array',
    cells: ['const [a, , b = 9, ...rest] = [1, 2, undefined, 4, 5]', '[a, b, rest]'],
    want: [1, 9, [4, 5]],
  },
  {
    name: 'nested patterns with defaults',
    cells: [
      'const { a: { b: [c = 1, { d = 2 } = {}] = [] } = {} } = {} as { a?: { b?: [number?, { d?: number }?] } }',
      '[c, d]',
    ],
    want: [1, 2],
  },
  {
    name: 'computed and quoted keys',
    cells: [
      "const k = 'x' as const; const { [k]: v, 'a-b': w, 0: z } = { x: 1, 'a-b': 2, 0: 3 }",
      '[v, w, z]',
    ],
    want: [1, 2, 3],
  },
  {
    name: 'a pattern whose default reads an earlier name',
    cells: ['const base = 5', 'const { a = base, b = a + 1 } = {} as { a?: number; b?: number }; [a, b]'],
    want: [5, 6],
  },
  {
    name: 'var in a block',
    cells: ['if (true) { var x = 1; } else { var y = 2; }', '[x, y]'],
    want: [1, undefined],
  },
  {
    name: 'var in loops',
    cells: [
      'for (var i = 0; i < 3; i++) {}\nfor (var k in { a: 1 }) {}\nfor (var v of [5]) {}\nfor (var { w } of [{ w: 6 }]) {}',
      '[i, k, v, w]',
    ],
    want: [3, 'a', 5, 6],
  },
  {
    name: 'var in try, switch and labels',
    cells: [
      'try { var a = 1; throw 0 } catch { var b = 2 } finally { var c = 3 }\nswitch (1) { case 1: var d = 4 }\nout: for (;;) { var e = 5; break out }',
      '[a, b, c, d, e]',
    ],
    want: [1, 2, 3, 4, 5],
  },
  { name: 'var twice', cells: ['var x = 1; var x: number; x'], want: 1 },
  {
    name: 'var used before its line',
    cells: ['const early = () => typeof late; const before = early(); var late = 1; before'],
    want: 'undefined',
  },
  {
    name: 'let in a loop stays there',
    cells: [
      'const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i)',
      'fs.map((f) => f())',
    ],
    want: [0, 1, 2],
  },
  {
    name: 'functions before their line',
    cells: [
      'const v = even(4); function even(n: number): boolean { return n === 0 || odd(n - 1) } function odd(n: number): boolean { return n !== 0 && even(n - 1) }',
      '[v, odd(3)]',
    ],
    want: [true, true],
  },
  {
    name: 'a function in a block stays there',
    cells: ['function f() { return 1 }', '{ function f() { return 2 } f() }\nf()'],
    want: 1,
  },
  {
    name: 'async, generator, async generator',
    cells: [
      'async function a() { return 1 } function* g() { yield 2 } async function* ag() { yield 3 }',
      'const out = [await a(), ...g()]; for await (const x of ag()) out.push(x); out',
    ],
    want: [1, 2, 3],
  },
  {
    name: 'overloads and generics',
    cells: [
      'function f(a: string): string; function f(a: number): number; function f(a: unknown) { return a } function id<T>(x: T): T { return x }',
      'const n: number = f(1); const s: string = f("s"); const t: "t" = id("t"); [n, s, t]',
    ],
    want: [1, 's', 't'],
  },
  {
    name: 'a class with private, static and accessor members',
    cells: [
      'class K<T> { #p: T; static made = 0; static { K.made = 10 } constructor(p: T) { this.#p = p; K.made++ } get p() { return this.#p } static of<T>(p: T) { return new K(p) } has(o: object) { return #p in o } }',
      'const k: K<number> = K.of(5); [k.p, K.made, k.has(k), k instanceof K]',
    ],
    want: [5, 11, true, true],
  },
  {
    name: 'parameter properties and abstract classes',
    cells: [
      'abstract class A { constructor(readonly n: number) {} abstract twice(): number } class B extends A { twice() { return this.n * 2 } }',
      'new B(4).twice()',
    ],
    want: 8,
  },
  {
    name: 'extending an earlier class',
    cells: [
      'class A { hi() { return "a" } }',
      'class B extends A { override hi() { return super.hi() + "b" } }',
      'new B().hi()',
    ],
    want: 'ab',
  },
  {
    name: 'enums and const enums',
    cells: ["enum E { A, B = 5, C } const enum F { X = 'x' } enum E { D = 9 }", '[E.A, E.C, E[5], F.X, E.D]'],
    want: [0, 6, 'B', 'x', 9],
  },
  {
    name: 'an enum that reads an earlier name',
    cells: ['const base = 3', 'enum E { A = base, B = A * 2 } E.B', '[E.A, E.B]'],
    want: [3, 6],
  },
  {
    name: 'namespaces',
    cells: [
      'namespace N { export const v = 1; export function g() { return v + h() } function h() { return N.v } export namespace M { export const w = 2 } }',
      '[N.v, N.g(), N.M.w]',
    ],
    want: [1, 2, 2],
  },
  {
    name: 'a namespace that adds to a function',
    cells: ['function f() { return f.n } namespace f { export const n = 4 } f()', '[f(), f.n]'],
    want: [4, 4],
  },
  {
    name: 'a namespace that adds to a class',
    cells: ['class C { v = C.n } namespace C { export const n = 4 }', 'new C().v'],
    want: 4,
  },
  {
    name: 'an alias',
    cells: [
      'namespace N { export const v = 1; export type T = string }',
      'import A = N.v; import T = N.T; const t: T = "t"; [A, t]',
      'A',
    ],
    want: 1,
  },
  {
    name: 'types only',
    cells: [
      'interface I { a: number } type T<X> = X[]; interface I { b: number }',
      'const v: T<I> = [{ a: 1, b: 2 }]; v',
    ],
    want: [{ a: 1, b: 2 }],
  },
  {
    name: 'a name that is type and value',
    cells: [
      'interface P { x: number } const P = { of: (x: number): P => ({ x }) }',
      'const p: P = P.of(2); p.x',
    ],
    want: 2,
  },
  {
    name: 'export keywords',
    cells: [
      'export const a = 1; export function f() { return a } export class C {} export enum E { A } export type T = 1; export { a as b }',
      '[a, f(), typeof C, E.A]',
    ],
    want: [1, 1, 'function', 0],
  },
  {
    name: 'declare, which claims a global',
    cells: [
      'declare const process2: { a: number }; declare function f(): void; typeof process2',
      'typeof process2 + typeof f',
    ],
    want: 'undefinedundefined',
  },
  {
    name: 'decorators',
    cells: [
      'const seen: string[] = []; function log(_: unknown, c: { name?: string | symbol }) { seen.push(String(c.name)) }\n@log class D { @log m() {} @log accessor a = 1 }\n[seen, new D().a, D.name]',
    ],
    want: [['m', 'a', 'D'], 1, 'D'],
  },

  // Redeclaration
  { name: 'const again', cells: ['const x = 1', 'const x = "two"', 'x.length'], want: 3 },
  {
    name: 'another kind again',
    cells: ['const x = 1', 'function x() { return 2 }', 'class x { static v = 3 }', 'x.v'],
    want: 3,
  },
  { name: 'a type again', cells: ['type T = number', 'type T = string', 'const t: T = "t"; t'], want: 't' },
  {
    name: 'an import again',
    cells: ["import * as a from 'node:path'", "import * as a from 'node:os'", 'typeof a.cpus'],
    want: 'function',
  },

  // References
  {
    name: 'assignment of all kinds',
    cells: [
      'let a = 1; let b: number | undefined; let c = 0',
      'a += 2; b ??= 5; c ||= 7; a++; --c; [a, b, c]',
    ],
    want: [4, 5, 6],
  },
  {
    name: 'destructuring assignment',
    cells: [
      'let a = 1, b = 2, c = 3, d: number[] = []',
      '[a, b] = [b, a]; ({ a: c, x: [...d] } = { a: 9, x: [1] }); [a, b, c, d]',
    ],
    want: [2, 1, 9, [1]],
  },
  {
    name: 'shorthand assignment',
    cells: ['let a = 0, b = 0', '({ a, b = 5 } = { a: 1 } as { a: number; b?: number }); [a, b]'],
    want: [1, 5],
  },
  { name: 'shorthand properties', cells: ['const x = 1', '({ x, y: x })'], want: { x: 1, y: 1 } },
  {
    name: 'property names',
    cells: [
      'const x = 1',
      'const o = { x: 2, m() { return this.x }, get g() { return 3 } }; [o.x, o.m(), o["x"], o.g]',
    ],
    want: [2, 2, 2, 3],
  },
  {
    name: 'shadowing',
    cells: [
      'const x = 1',
      'function f(x: number) { return x } const g = ({ x }: { x: number }) => x; const h = () => { const x = 4; return x }; let c = 0; try { throw 5 } catch (x) { c = x as number } [f(2), g({ x: 3 }), h(), c, x]',
    ],
    want: [2, 3, 4, 5, 1],
  },
  { name: 'shadowing by a block', cells: ['const x = 1', '{ const x = 2; class y {} } x'], want: 1 },
  {
    name: 'shadowing by named functions and classes',
    cells: ['const x = 1', '[(function x() { return typeof x })(), (class x { static t = typeof x }).t]'],
    want: ['function', 'function'],
  },
  { name: 'labels', cells: ['const x = 1', 'x: for (;;) { break x } x'], want: 1 },
  { name: 'typeof', cells: ['const x = 1', 'typeof x'], want: 'number' },
  { name: 'closures see updates', cells: ['let n = 1; const get = () => n', 'n = 2', 'get()'], want: 2 },
  {
    name: 'closures see redeclared names',
    cells: [
      'function helper() { return 1 } const call = () => helper()',
      'function helper() { return 2 }',
      'call()',
    ],
    want: 2,
  },
  {
    name: 'a call does not pass all names as this',
    cells: [
      'function self(this: unknown) { return this } const o = { f: self }',
      '[self(), (self)(), self!(), (self as typeof self)(), self?.(), o.f() === o]',
    ],
    want: [undefined, undefined, undefined, undefined, undefined, true],
  },
  {
    name: 'a tagged template does not either',
    cells: [
      'function tag(this: unknown, s: TemplateStringsArray, ...v: number[]) { return [this, s.raw.join("|"), v] }',
      'tag`a${1}b`',
    ],
    want: [undefined, 'a|b', [1]],
  },
  {
    name: 'optional chains',
    cells: [
      'const o: { f?: () => number; g: { h: () => number } } = { g: { h: () => 1 } }',
      '[o.f?.(), o?.g?.h(), o.g.h()]',
    ],
    want: [undefined, 1, 1],
  },
  {
    name: 'spread and rest',
    cells: [
      'const xs = [1, 2], o = { a: 1 }',
      'const f = (...r: number[]) => r; [f(...xs), [...xs], { ...o }]',
    ],
    want: [[1, 2], [1, 2], { a: 1 }],
  },
  {
    name: 'as, satisfies and !',
    cells: ['const x = 1', '[x as number, x satisfies number, x!]'],
    want: [1, 1, 1],
  },
  { name: 'delete of a property', cells: ['const o: { a?: number } = { a: 1 }', 'delete o.a; o'], want: {} },
  {
    name: 'names of our own parameters',
    cells: ['const __cells = 1, __await = 2, __import = 3', '[__cells, __await, __import]'],
    want: [1, 2, 3],
  },
  {
    name: 'names that objects have',
    cells: [
      'const constructor = 1, toString = 2, hasOwnProperty = 3',
      '[constructor, toString, hasOwnProperty]',
    ],
    want: [1, 2, 3],
  },
  {
    name: 'class members that are called as a name',
    cells: [
      'const x = 1',
      'class C { x = 2; static x = 3; static ["y"] = x; m() { return [this.x, x] } } [new C().m(), C.x, C.y]',
    ],
    want: [[2, 1], 3, 1],
  },

  // Function names
  {
    name: 'names of functions and classes',
    cells: [
      'const a = () => 1, b = function () {}, c = class {}; let d = async () => {}; function e() {} class F {}',
      '[a, b, c, d, e, F].map((f) => f.name)',
    ],
    want: ['a', 'b', 'c', 'd', 'e', 'F'],
  },
  {
    name: 'names through patterns and assignments',
    cells: [
      'const { a = () => 1, b: [c = class {}] = [] } = {} as { a?: () => number; b?: (new () => object)[] }; let d: (() => void) | undefined; let e: () => void',
      'd ??= () => {}; e = (() => {}) as () => void; [a, c, d, e].map((f) => f.name)',
    ],
    want: ['a', 'c', 'd', 'e'],
  },
  { name: 'a name that was given', cells: ['const a = function given() {}; a.name'], want: 'given' },

  // Strictness, this, await
  { name: 'top-level this', cells: ['this'], want: undefined },
  { name: 'this in an arrow function', cells: ['(() => this)()'], want: undefined },
  {
    name: 'this in a method',
    cells: ['const o = { n: 1, m() { return (() => this.n)() } }; o.m()'],
    want: 1,
  },
  { name: 'strict mode', cells: ['(function (this: unknown) { return this })()'], want: undefined },
  { name: 'await', cells: ['const v = await Promise.resolve(5); v + await 1'], want: 6 },
  {
    name: 'a promise that is not awaited',
    cells: ['const p = Promise.resolve(1); p instanceof Promise'],
    want: true,
  },
  {
    name: 'for await over an async generator',
    cells: [
      'async function* g() { yield 1; yield 2 }',
      'const out: number[] = []; for await (const x of g()) out.push(x); out',
    ],
    want: [1, 2],
  },
  {
    name: 'for await over promises',
    cells: ['const out: number[] = []; for await (var x of [Promise.resolve(1), 2]) out.push(x); out'],
    want: [1, 2],
  },
  {
    name: 'for await closes what it leaves',
    cells: [
      'let closed = false; async function* g() { try { yield 1; yield 2 } finally { closed = true } }',
      'for await (const x of g()) break; closed',
    ],
    want: true,
  },
  {
    name: 'using in a block',
    cells: [
      'const log: string[] = []; { using r = { [Symbol.dispose]: () => { log.push("disposed") } }; log.push("used") } log',
    ],
    want: ['used', 'disposed'],
  },

  // Imports
  {
    name: 'a namespace import',
    cells: ["import * as path from 'node:path'", "path.join('a', 'b')"],
    want: 'a/b',
  },
  { name: 'a default import', cells: ["import path from 'node:path'", "path.join('a', 'b')"], want: 'a/b' },
  {
    name: 'named imports, renamed',
    cells: ["import { join, sep as separator } from 'node:path'", "join('a', separator)"],
    want: 'a/',
  },
  {
    name: 'a default with named imports',
    cells: ["import path, { join } from 'node:path'", 'path.join === join'],
    want: true,
  },
  {
    name: 'a default with a namespace',
    cells: ["import path, * as all from 'node:path'", 'all.join === path.join'],
    want: true,
  },
  {
    name: 'types among imports',
    cells: [
      "import { statSync, type Stats } from 'node:fs'; import type { Dirent } from 'node:fs'",
      'let s: Stats | Dirent | undefined; typeof statSync + typeof s',
    ],
    want: 'functionundefined',
  },
  {
    name: 'a type imported as if it were a value',
    cells: ["import { Stats, PathLike } from 'node:fs'", "const p: PathLike = 'p'; [p, typeof Stats]"],
    want: ['p', 'function'],
  },
  {
    name: 'an import below its use',
    cells: ["join('a', 'b')\nimport { join } from 'node:path'\njoin('c', 'd')"],
    want: 'c/d',
  },
  {
    name: 'an import in a function',
    cells: ["const load = async () => (await import('node:path')).sep", 'await load()'],
    want: '/',
  },
  {
    name: 'JSON with attributes',
    cells: ["import numbers from './numbers.json' with { type: 'json' }", 'numbers.one'],
    want: 1,
  },
  { name: 'JSON without', cells: ["import numbers from './numbers.json'", 'numbers.one + 1'], want: 2 },
  {
    name: 'JavaScript without types',
    cells: ["import ten, { named, add } from './plain.mjs'", '[ten, named, add(1, 2)]'],
    want: [10, 11, 3],
  },
  { name: 'an import for its effect', cells: ["import 'node:path'\n1"], want: 1 },
];

test.each(ROWS)('a notebook runs: $name', async ({ cells, want }) => {
  let value: unknown;
  for (const cell of cells) value = await notebook.run(cell);
  expect(value).toEqual(want);
});

test('a function without a name is shown without one', async () => {
  expect(await notebook.run('(x: number) => x')).toHaveProperty('name', '');
});

test('import.meta tells where the notebook is', async () => {
  const url = (file: string) => new URL(file, `file://${directory}/`).href;
  expect(await notebook.run("[import.meta.dirname, new URL('data.txt', import.meta.url).href]")).toEqual([
    directory,
    url('data.txt'),
  ]);
});

test('prepare() tells what a cell declares, values only', () => {
  const code =
    'import { statSync, type Stats } from "fs"; const { a, b: [c] } = { a: 1, b: [2] }; function f() {} class K {} enum E {} type T = 1; interface I {} if (a) { var v = 1 } for (const no of []) {}';
  const { result: cell } = notebook.service.prepare({ id: 1, code });
  expect(cell.kind === 'ready' && [...cell.names].sort()).toEqual(['E', 'K', 'a', 'c', 'f', 'statSync', 'v']);
});

test('prepare() sends each top-level await through the waiter, and no other', async () => {
  await notebook.run(
    'const one = Promise.resolve(1); const f = async () => await Promise.resolve(2); await one; await f(); class C extends (await Promise.resolve(Object)) {}',
  );
  expect(await Promise.all(notebook.waited)).toEqual([1, 2, Object]);
});

test('prepare() sends each step of a top-level for await through the waiter', async () => {
  await notebook.run('async function* g() { yield 1; yield 2 } for await (const x of g()) {}');
  expect(await Promise.all(notebook.waited)).toEqual([
    { value: 1, done: false },
    { value: 2, done: false },
    { value: undefined, done: true },
  ]);
});

test('prepare() says which names an import wants of its module', async () => {
  await notebook.run(
    "import path, { join as j, type ParsedPath } from 'node:path'; import * as os from 'node:os'; import { type Stats } from 'node:fs'; await import('node:url')",
  );
  expect(notebook.loaded).toEqual([
    ['node:path', ['default', 'join']],
    ['node:os', undefined],
    ['node:url', undefined],
  ]);
});

test('a cell that throws leaves what it had declared, and its names can be declared again', async () => {
  await expect(
    notebook.run(
      "const before = 1; const after = (() => { throw new RangeError('boom') })(); type T = 'kept'",
    ),
  ).rejects.toThrow('boom');
  expect(await notebook.run('const t: T = "kept"; before')).toBe(1);
  await expect(notebook.run('after')).rejects.toThrow("Cannot find name 'after'");
  expect(await notebook.run('const after = 2; after')).toBe(2);
});

test('commit() keeps the earlier meaning of a name that a failed cell did not reach', async () => {
  await notebook.run('const x = 5');
  await expect(notebook.run("throw new RangeError('boom'); const x = 'text'")).rejects.toThrow('boom');
  expect(await notebook.run('const n: number = x; n')).toBe(5);
});

test('a stack maps to the line and column of the cell', async () => {
  const { SourceMap } = await import('node:module');
  const code =
    'const a = 1;\n\nfunction thrower() {\n  const b = a;\n  throw new Error(String(b));\n}\nthrower();';
  const { result: cell } = notebook.service.prepare({ id: 1, code });
  if (cell.kind !== 'ready') throw new TypeError(cell.text);
  const error: unknown = await notebook.run(code).catch((thrown: unknown) => thrown);
  const stack = (error as Error).stack ?? '';
  const frames = [...stack.matchAll(/cell-1\.js:(\d+):(\d+)/g)].map(([, line, column]) => {
    const map = new SourceMap(JSON.parse(cell.sourceMap) as ConstructorParameters<typeof SourceMap>[0]);
    const { originalLine, originalColumn } = map.findEntry(Number(line) - 1, Number(column) - 1) as {
      originalLine: number;
      originalColumn: number;
    };
    return `${originalLine + 1}:${originalColumn + 1}`;
  });
  expect(frames.slice(0, 2)).toEqual(['5:9', '7:1']);
});
