// Long because it is a table: each row is one shape of a function or a value.
/** Something that ships. */
export interface Shape {
  readonly name: string;
  /** A function body as of a cell: it returns what is captured. */
  readonly make: string;
  /** The body of an async function of `shipped`: what it returns must be the same here and there. */
  readonly probe: string;
}

const shape = (name: string, make: string, probe = 'return shipped(5);'): Shape => ({ name, make, probe });

/** Functions and values, each with a probe that tells whether it behaves as it did. */
export const SHAPES: readonly Shape[] = [
  shape('a lambda', 'return (x) => x + 1;'),
  shape('a lambda with a captured number', 'const n = 7; return (x) => x + n;'),
  shape('a negative zero', 'const n = -0; return (x) => [Object.is(n, -0), x / n];'),
  shape(
    'NaN, Infinity, null, undefined, booleans',
    'const a = [NaN, Infinity, -Infinity, null, undefined, true, false]; return () => a;',
  ),
  shape('a long string', 'const s = "abc".repeat(50) + "\\u2028\\ud800`${x}"; return () => [s, s.length];'),
  shape('a BigInt', 'const n = -(2n ** 70n); return () => n;'),
  shape('a helper', 'const h = (x) => x * 2; return (x) => h(x) + 1;'),
  shape(
    'helpers three levels down',
    'const c = (x) => x + 1; const b = (x) => c(x); const a = (x) => b(x); return (x) => a(x);',
  ),
  shape('recursion', 'function fact(n) { return n <= 1 ? 1 : n * fact(n - 1); } return fact;'),
  shape(
    'mutual recursion',
    'const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1); return even;',
  ),
  shape(
    'a function declaration',
    'function twice(x) { return x * 2; } return twice;',
    'return [shipped(4), shipped.name, shipped.length];',
  ),
  shape('a default parameter that captures', 'const n = 3; return (x, y = n) => x + y;'),
  shape(
    'destructured parameters',
    'const d = 9; return ({ a, b: [c] = [d] } = {}) => [a, c];',
    'return [shipped(), shipped({ a: 1, b: [2] })];',
  ),
  shape('a captured shorthand', 'const a = 1, b = { c: 2 }; return () => ({ a, b });'),
  shape(
    'a local that shadows',
    'const v = 1; const g = () => v; return (x) => { const v = x; return [v, g()]; };',
  ),
  shape(
    'a template and a tag',
    'const tag = (s, ...v) => s.raw.join("|") + v.join(); return (x) => tag`a\\n${x}b`;',
  ),
  shape(
    'an async function',
    'const n = 2; return async (x) => { await null; return x * n; };',
    'return [await shipped(4), shipped(1) instanceof Promise];',
  ),
  shape(
    'a generator',
    'const n = 2; return function* (x) { yield x; yield x * n; };',
    'return [...shipped(4)];',
  ),
  shape(
    'an async generator',
    'const n = 2; return async function* (x) { yield x; yield x * n; };',
    'const all = []; for await (const x of shipped(4)) all.push(x); return all;',
  ),
  shape(
    'an object method',
    'const v = 3; const o = { m(x) { return x + v + this.w; }, w: 1 }; return (x) => o.m(x);',
  ),
  shape(
    'a plain object',
    'return { a: 1, "b c": [1, [2]], 3: { d: null }, ["__proto__"]: 1 };',
    'return [shipped, Object.keys(shipped)];',
  ),
  shape(
    'a deep plain object',
    'let o = {}; for (let i = 0; i < 300; i++) o = { o, i }; return o;',
    'let n = 0; for (let o = shipped; o; o = o.o) n++; return n;',
  ),
  shape('an array with holes', 'return [1, , 3, , ,];', 'return [shipped, 1 in shipped, shipped.length];'),
  shape('an array with properties', 'return Object.assign([1, 2], { extra: 3 });', 'return shipped;'),
  shape(
    'a sparse array',
    'const a = []; a[4_000_000] = 1; return a;',
    'return [shipped.length, Object.keys(shipped)];',
  ),
  shape(
    'a Map',
    'const m = new Map([[1, "a"], ["b", { c: 1 }], [null, new Map()]]); return (k) => [m.get(k), [...m]];',
    'return shipped("b");',
  ),
  shape(
    'a Set',
    'const s = new Set(["the", "a", 3, NaN]); return (x) => [s.has(x), [...s]];',
    'return shipped("a");',
  ),
  shape('a Date', 'const d = new Date(86400000); return () => d;'),
  shape('an invalid Date', 'return new Date(NaN);', 'return [shipped, shipped.getTime()];'),
  shape(
    'a RegExp with lastIndex',
    'const r = /a(?<n>b)/gi; r.lastIndex = 2; return r;',
    'return [shipped, shipped.lastIndex, shipped.exec("abab")];',
  ),
  shape(
    'a regex literal in code',
    'return (x) => /^\\d+$/.test(x);',
    'return [shipped("12"), shipped("a")];',
  ),
  shape(
    'typed arrays',
    'return [new Float64Array([1.5, NaN]), new Uint8Array([1, 2]), new BigInt64Array([-1n])];',
    'return shipped;',
  ),
  shape(
    'views of one ArrayBuffer',
    'const b = new ArrayBuffer(16); return { a: new Uint8Array(b, 4, 4), v: new DataView(b, 2, 8), b };',
    'shipped.a[0] = 7; return [shipped.v.getUint8(2), new Uint8Array(shipped.b)[4]];',
  ),
  shape('a Buffer', 'const b = Buffer.from("größe"); return () => [b.toString(), Buffer.isBuffer(b)];'),
  shape(
    'a big Buffer',
    'const b = Buffer.alloc(20000, 7); return () => [b.length, b[19999], Buffer.isBuffer(b)];',
  ),
  shape(
    'an Error',
    'const e = new RangeError("no", { cause: 1 }); e.code = "E"; return e;',
    'return [shipped.message, shipped.name, shipped.cause, shipped.code, shipped instanceof RangeError, typeof shipped.stack, Object.keys(shipped)];',
  ),
  shape('boxed primitives', 'return [Object(1), Object("ab"), Object(2n), Object(true)];', 'return shipped;'),
  shape(
    'Intl and URL',
    'return { f: new Intl.NumberFormat("de-DE", { minimumFractionDigits: 2 }), u: new URL("https://a.b/c?d=1"), d: new TextDecoder("utf-16le") };',
    'return [shipped.f.format(1234.5), shipped.u.href, shipped.d.encoding];',
  ),
  shape(
    'a cycle',
    'const o = { name: "o" }; o.self = o; o.list = [o, { back: o }]; return o;',
    'return [shipped.self === shipped, shipped.list[1].back === shipped, Object.keys(shipped)];',
  ),
  shape(
    'a cycle through a function',
    'const o = { f: () => o, n: 1 }; return o;',
    'return shipped.f() === shipped;',
  ),
  shape(
    'a cycle through Map and Set',
    'const m = new Map(); const s = new Set([m]); m.set("s", s).set(m, 1); return m;',
    'return [shipped.get("s").has(shipped), shipped.get(shipped), [...shipped.keys()].length];',
  ),
  shape(
    'a prototype that leads back',
    'const base = { kind: "base" }; const o = Object.create(base); base.first = o; return base;',
    'return [Object.getPrototypeOf(shipped.first) === shipped, shipped.first.kind, Object.keys(shipped)];',
  ),
  shape(
    'shared references',
    'const s = { n: 1 }; return { a: s, b: [s], f: () => s };',
    'return [shipped.a === shipped.b[0], shipped.f() === shipped.a];',
  ),
  shape(
    'a null prototype',
    'return Object.assign(Object.create(null), { a: 1 });',
    'return [Object.getPrototypeOf(shipped), shipped.a];',
  ),
  shape(
    'an object with a prototype',
    'const base = { hi() { return this.n; } }; return Object.assign(Object.create(base), { n: 4 });',
    'return [shipped.hi(), Object.keys(shipped)];',
  ),
  shape(
    'frozen, sealed, not extensible',
    'return [Object.freeze({ a: [1] }), Object.seal([1]), Object.preventExtensions({ b: 1 })];',
    'return shipped.map((o) => [Object.isFrozen(o), Object.isSealed(o), Object.isExtensible(o), o]);',
  ),
  shape(
    'hidden and read-only properties',
    'return Object.defineProperty({ a: 1 }, "b", { value: 2 });',
    'return [shipped.b, Object.getOwnPropertyDescriptors(shipped)];',
  ),
  shape(
    'accessors',
    'const v = 3; return { get a() { return v + this.b; }, b: 1, set a(x) { this.b = x; } };',
    'const before = shipped.a; shipped.a = 10; return [before, shipped.a];',
  ),
  shape(
    'symbols',
    'const s = Symbol("own"); const o = { [s]: 1, [Symbol.for("reg")]: 2, [Symbol.toStringTag]: "T" }; return { o, s, t: s };',
    'return [shipped.o[shipped.s], shipped.s === shipped.t, shipped.o[Symbol.for("reg")], String(shipped.o), String(shipped.s)];',
  ),
  shape('an iterable', 'return { *[Symbol.iterator]() { yield 1; yield 2; } };', 'return [...shipped];'),
  shape(
    'a class',
    'class Stem { static n = 3; process(x) { return [x, Stem.n]; } } return Stem;',
    'return [new shipped().process(1), shipped.name, shipped.length];',
  ),
  shape(
    'an instance',
    'class Stem { k = 2; constructor(n) { this.n = n; } process(x) { return x + this.n + this.k; } } return new Stem(4);',
    'return [shipped.process(1), shipped.constructor.name, shipped];',
  ),
  shape(
    'private fields',
    'class A { #n; #m = new Map([[1, 2]]); constructor(n) { this.#n = n; } get() { return [this.#n, this.#m, this.#p(), this.#g]; } #p() { return 3; } get #g() { return 4; } static is(o) { return #n in o; } } return new A({ deep: [1] });',
    'return [shipped.get(), shipped.constructor.is(shipped), new shipped.constructor(2).get()];',
  ),
  shape(
    'private fields with a constructor that wants options',
    'let made = 0; class A { #o; x = ++made; constructor({ limit, by = (v) => v }, ...rest) { this.#o = { limit, by, rest }; } get() { return this.#o.by(this.#o.limit); } } const a = new A({ limit: 3, by: (v) => v * 2 }, 1); return { a, made: () => made, A };',
    'return [shipped.a.get(), shipped.a.x, shipped.made(), new shipped.A({ limit: 1 }).get(), shipped.A.length];',
  ),
  shape(
    'private fields of two classes with one name',
    'class A { #v = 1; a() { return this.#v; } setA(v) { this.#v = v; } } class B extends A { #v = 2; b() { return this.#v; } } const b = new B(); b.setA(9); return b;',
    'return [shipped.a(), shipped.b()];',
  ),
  shape(
    'private static fields',
    'class A { static #s = { n: 0 }; static set(n) { A.#s.n = n; } static get() { return this.#s.n; } } A.set(5); return A;',
    'return shipped.get();',
  ),
  shape(
    'a class hierarchy',
    'class A { hi() { return "A"; } static s() { return "s"; } } class B extends A { hi() { return super.hi() + "B"; } } return new B();',
    'return [shipped.hi(), shipped.constructor.s(), Object.getPrototypeOf(shipped.constructor).name];',
  ),
  shape(
    'a class that extends Map',
    'class M extends Map { #hits = 1; get(k) { this.#hits++; return super.get(k); } hits() { return this.#hits; } } const m = new M([[1, 2]]); m.get(1); return m;',
    'return [shipped.get(1), shipped.hits(), shipped.size, shipped instanceof Map];',
  ),
  shape(
    'a class that extends Array',
    'class L extends Array { last() { return this.at(-1); } } return L.from([1, 2, 3]);',
    'return [shipped.last(), shipped.map((x) => x).constructor.name, shipped.length, Array.isArray(shipped)];',
  ),
  shape(
    'a class that extends Error',
    'class E extends Error { constructor(m, code) { super(m); this.code = code; } get name() { return "E!"; } } return { make: () => new E("x", 3), e: new E("y", 4) };',
    'const e = shipped.make(); return [e.message, e.code, e.name, e instanceof Error, shipped.e.code, shipped.e.message, String(shipped.e)];',
  ),
  shape(
    'static blocks and computed methods',
    'const k = "dyn"; const s = Symbol("s"); let ran = 0; class A { static { ran++; A.t = ran; } [k + "amic"](x) { return x; } [s]() { return 2; } static get g() { return 7; } } return { A, s, ran: () => ran };',
    'return [new shipped.A().dynamic(1), new shipped.A()[shipped.s](), shipped.A.t, shipped.A.g, shipped.ran()];',
  ),
  shape(
    'an anonymous class',
    'const A = class { m() { return 1; } }; return A;',
    'return [shipped.name, new shipped().m()];',
  ),
  shape(
    'an old-style class',
    'function A(n) { this.n = n; } A.prototype.get = function () { return this.n; }; function B(n) { A.call(this, n); } Object.setPrototypeOf(B.prototype, A.prototype); return new B(3);',
    'return [shipped.get(), shipped.constructor.name];',
  ),
  shape(
    'a patched method',
    'class A { m() { return 1; } } A.prototype.m = function () { return 2; }; A.prototype.extra = () => 3; return A;',
    'return [new shipped().m(), new shipped().extra()];',
  ),
  shape(
    'a bound method',
    'class C { #n = 5; add(x) { return x + this.#n; } } const c = new C(); return c.add.bind(c);',
    'return [shipped(1), shipped.name];',
  ),
  shape(
    'a method bound in its constructor',
    'class C { n = 5; constructor() { this.add = this.add.bind(this); } add(x) { return x + this.n; } } return new C();',
    'const { add } = shipped; return add(1);',
  ),
  shape(
    'an arrow function as a field, with the `this` of its instance',
    'class F { n = 2; process = (x) => [this.n + x, () => this]; } return new F();',
    'const { process: f } = shipped; shipped.n = 5; return [f(1)[0], f(1)[1]() === shipped, new shipped.constructor().process(1)[0]];',
  ),
  shape(
    'bound arguments',
    'const f = (a, b, c) => [a, b, c]; return f.bind(null, 1, { d: 2 });',
    'return shipped(3);',
  ),
  shape(
    'a method taken from its class',
    'class C { static s(x) { return x + 1; } m(x) { return x; } } const c = new C(); const { m } = c; return { c, m, s: C.s };',
    'return [shipped.m === shipped.c.m, shipped.s(1)];',
  ),
  shape('properties of a function', 'const f = (x) => f.calls + x; f.calls = 3; return f;'),
  shape('an assigned variable', 'let n = 10; return () => ++n;', 'return [shipped(), shipped(), shipped()];'),
  shape(
    'a variable that two closures share, and those of another call do not',
    'const counter = () => { let n = 0; return { inc: () => ++n, get: () => n }; }; return [counter(), counter()];',
    'const [a, b] = shipped; a.inc(); a.inc(); b.inc(); return [a.get(), b.get()];',
  ),
  shape(
    'accessors that share a variable',
    'let n = 1; return { get n() { return n; }, set n(v) { n = v; } };',
    'shipped.n = 5; return shipped.n;',
  ),
  shape(
    'a closure over each turn of a loop',
    'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs;',
    'return shipped.map((f) => f());',
  ),
  shape(
    'cells',
    'CELLS.n = 4; CELLS.h = (x) => x + CELLS.n; CELLS.o = { k: 1 }; return (x) => [(0, CELLS.h)(x), CELLS.o.k, { n: CELLS.n }];',
  ),
  shape(
    'a cell variable that two functions share',
    'CELLS.n = 4; return { inc: () => ++CELLS.n, get: () => CELLS.n, set: (v) => { [CELLS.n] = [v]; } };',
    'shipped.inc(); const a = shipped.get(); shipped.set(1); return [a, shipped.get()];',
  ),
  shape(
    'built-in functions as values',
    'const { max } = Math; const p = Array.prototype.slice; return () => [max(1, 2), p.call([1, 2, 3], 1), JSON.stringify.name];',
  ),
  shape(
    'functions of Node',
    'const { join } = process.getBuiltinModule("node:path"); const { createHash } = process.getBuiltinModule("node:crypto"); return () => [join("a", "b"), createHash("sha256").update("a").digest("hex")];',
  ),
  shape(
    'a global that the program set',
    'globalThis.shipTestGlobal = { n: 3 }; return () => [shipTestGlobal.n, globalThis.shipTestGlobal.n];',
  ),
  shape('names of the generated code', 'const m1_x = 1, m = 2; return (mm3_y) => [m1_x, m, mm3_y];'),
  shape(
    'names that esbuild might take',
    'const require = (x) => x + 1; const module = 2, exports = 3; return (x) => [require(x), module, exports];',
  ),
];
