// Long because it is a table: each row is one way in which two values, or two functions, are the same or differ.
/** Two bodies of a function of the cells object, and what is to be digested of each: what it returns. */
export interface Pair {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const pair = (name: string, before: string, after: string): Pair => ({ name, before, after });
/** A pair that differs only in the value of `v`, which the lambda closes over. */
const captured = (name: string, before: string, after: string): Pair =>
  pair(name, `const v = ${before}; return (x) => [x, v];`, `const v = ${after}; return (x) => [x, v];`);

/** What must hit. */
export const SAME: readonly Pair[] = [
  pair('the same code', 'return (x) => x + 1;', 'return (x) => x + 1;'),
  pair('a comment', 'return (x) => x + 1;', 'return (x) => /* one\n more */ x + 1; // done'),
  pair('white space', 'return (x) => { return [x,1]; };', 'return ( x )=>{\n\n  return [ x, 1 ]\n};'),
  pair('quotes', 'return (x) => x + "it\'s";', "return (x) => x + 'it\\'s';"),
  pair('quotes of a key', 'return (x) => ({ a: x });', 'return (x) => ({ "a": x });'),
  pair('a trailing comma', 'return (x) => [x, { a: 1 }];', 'return (x,) => [x, { a: 1, },];'),
  pair('semicolons', 'return (x) => { let y = x; return y; };', 'return (x) => { let y = x;; return y };'),
  pair('parentheses', 'return (x) => x * 2 + 1;', 'return (x) => ((x * 2) + 1);'),
  pair('parentheses of a parameter', 'return (x) => x;', 'return x => x;'),
  pair('numeric separators', 'return (x) => x + 1000;', 'return (x) => x + 1_000;'),
  pair(
    'a comment in a helper',
    'const h = (x) => x; return (x) => h(x);',
    'const h = (x) => /* same */ x; return (x) => h(x);',
  ),
  pair(
    'a comment in a class',
    'return new (class A { f(x) { return x; } })();',
    'return new (class A { /* f */ f(x) { return x; } })();',
  ),
  pair(
    'an unrelated variable',
    'let n = 1; const g = () => n; return (x) => x;',
    'let n = 2; const g = () => n; return (x) => x;',
  ),
  pair(
    'an unused member of cells',
    'CELLS.a = 1; CELLS.b = 1; return (x) => x + CELLS.a;',
    'CELLS.a = 1; CELLS.b = 2; return (x) => x + CELLS.a;',
  ),
  pair(
    'another order of cells',
    'CELLS.a = 1; CELLS.b = 2; return (x) => CELLS.a + CELLS.b;',
    'CELLS.b = 2; CELLS.a = 1; return (x) => CELLS.a + CELLS.b;',
  ),
  pair(
    'a local name that shadows',
    'const v = 1; const g = () => v; return (x) => { const v = x; return v; };',
    'const v = 2; const g = () => v; return (x) => { const v = x; return v; };',
  ),
  pair(
    'the name of the const that holds it',
    'const f = (x) => x; return f;',
    'const g = (x) => x; return g;',
  ),
  pair(
    'a getter that is never called',
    'return { get a() { throw new Error(); } };',
    'return { get a() { throw new Error() } };',
  ),
  pair(
    'where an error was made',
    'const e = new Error("a"); return () => e;',
    '\n\n  const e = new Error("a"); return () => e;',
  ),
];

const LEVELS = (end: string) =>
  `const c = (x) => ${end}; const b = (x) => c(x); const a = (x) => b(x); return (x) => a(x);`;
const CLASS = (body: string) => `class Stem { ${body} process(x) { return x; } } return new Stem();`;

/** What must miss. */
export const DIFFERENT: readonly Pair[] = [
  pair('the code', 'return (x) => x + 1;', 'return (x) => x + 2;'),
  pair('an operator', 'return (x) => x + 1;', 'return (x) => x - 1;'),
  pair('async', 'return (x) => x;', 'return async (x) => x;'),
  pair('a generator', 'return function (x) { return x; };', 'return function* (x) { return x; };'),
  pair('raw text of a template', 'return (x) => String.raw`\\u0041`;', 'return (x) => String.raw`A`;'),
  pair('flags of a literal', 'return (x) => /a/g.test(x);', 'return (x) => /a/y.test(x);'),
  pair(
    'a directive',
    'return function () { "use strict"; return this; };',
    'return function () { return this; };',
  ),
  pair('spread or not', 'return (x) => [...x];', 'return (x) => [x];'),
  pair('optional chain', 'return (x) => x?.y;', 'return (x) => x.y;'),
  pair(
    'shorthand of __proto__',
    'return (__proto__) => ({ __proto__ });',
    'return (__proto__) => ({ __proto__: __proto__ });',
  ),

  pair('a helper', 'const h = (x) => x; return (x) => h(x);', 'const h = (x) => -x; return (x) => h(x);'),
  pair('a helper three levels down', LEVELS('x'), LEVELS('-x')),
  pair(
    'a helper that is declared later',
    'return f; function f(x) { return g(x); } function g(x) { return x; }',
    'return f; function f(x) { return g(x); } function g(x) { return -x; }',
  ),
  pair(
    'an object method',
    'const o = { m(x) { return x; } }; return (x) => o.m(x);',
    'const o = { m(x) { return -x; } }; return (x) => o.m(x);',
  ),
  pair(
    'a value behind an object method',
    'const v = 1; const o = { m: () => v }; return (x) => o.m(x);',
    'const v = 2; const o = { m: () => v }; return (x) => o.m(x);',
  ),
  pair(
    'a value behind a getter',
    'const v = 1; const o = { get m() { return v; } }; return (x) => o.m;',
    'const v = 2; const o = { get m() { return v; } }; return (x) => o.m;',
  ),
  pair(
    'a class',
    'class A { m(x) { return x; } } return (x) => new A().m(x);',
    'class A { m(x) { return -x; } } return (x) => new A().m(x);',
  ),
  pair(
    'a private method',
    'class A { #m(x) { return x; } m(x) { return this.#m(x); } } return (x) => new A().m(x);',
    'class A { #m(x) { return -x; } m(x) { return this.#m(x); } } return (x) => new A().m(x);',
  ),
  pair(
    'a value behind a private method',
    'const v = 1; class A { #m() { return v; } m() { return this.#m(); } } return () => new A().m();',
    'const v = 2; class A { #m() { return v; } m() { return this.#m(); } } return () => new A().m();',
  ),
  pair(
    'a private static field',
    'class A { static #s = { n: 0 }; static set(n) { A.#s.n = n; } static get() { return A.#s.n; } } A.set(1); return () => A.get();',
    'class A { static #s = { n: 0 }; static set(n) { A.#s.n = n; } static get() { return A.#s.n; } } A.set(2); return () => A.get();',
  ),
  pair(
    'a static field set later',
    'class A { static s = 0; } A.s = 1; return () => A.s;',
    'class A { static s = 0; } A.s = 2; return () => A.s;',
  ),
  pair(
    'a field initialiser',
    'const v = 1; class A { f = v; } return () => new A().f;',
    'const v = 2; class A { f = v; } return () => new A().f;',
  ),
  pair(
    'a static block',
    'const v = 1; class A { static { A.f = () => v; } } return () => A.f();',
    'const v = 2; class A { static { A.f = () => v; } } return () => A.f();',
  ),
  pair(
    'a base class',
    'class B { m() { return 1; } } class A extends B {} return () => new A().m();',
    'class B { m() { return 2; } } class A extends B {} return () => new A().m();',
  ),
  pair(
    'a method added to a prototype',
    'class A {} A.prototype.m = () => 1; return () => new A().m();',
    'class A {} A.prototype.m = () => 2; return () => new A().m();',
  ),
  pair(
    'an old-style class',
    'function A() {} A.prototype.m = function () { return 1; }; return () => new A().m();',
    'function A() {} A.prototype.m = function () { return 2; }; return () => new A().m();',
  ),
  pair(
    'a computed method name',
    'const k = "a"; class A { [k]() {} } return () => A;',
    'const k = "b"; class A { [k]() {} } return () => A;',
  ),
  pair(
    'super in a method',
    'class B { m() { return 1; } } class A extends B { m() { return super.m(); } } return new A();',
    'class B { m() { return 2; } } class A extends B { m() { return super.m(); } } return new A();',
  ),
  pair(
    'a default parameter',
    'const v = 1; return (x, y = v) => x + y;',
    'const v = 2; return (x, y = v) => x + y;',
  ),
  pair(
    'a default parameter that a var of the body hides',
    'const v = 1; return (x, y = v) => { var v = x; return y; };',
    'const v = 2; return (x, y = v) => { var v = x; return y; };',
  ),
  pair(
    'a default in a pattern',
    'const v = 1; return ({ y = v }) => y;',
    'const v = 2; return ({ y = v }) => y;',
  ),
  pair(
    'a computed key in a pattern',
    'const v = "a"; return ({ [v]: y }) => y;',
    'const v = "b"; return ({ [v]: y }) => y;',
  ),
  pair(
    'a shorthand property',
    'const v = 1; return (x) => ({ x, v });',
    'const v = 2; return (x) => ({ x, v });',
  ),
  pair('a template', 'const v = 1; return (x) => `${x}${v}`;', 'const v = 2; return (x) => `${x}${v}`;'),
  pair('a tag', 'const t = () => 1; return (x) => t`a`;', 'const t = () => 2; return (x) => t`a`;'),
  pair(
    'a bound target',
    'const h = function () { return 1; }; return h.bind(null);',
    'const h = function () { return 2; }; return h.bind(null);',
  ),
  pair(
    'a bound this',
    'return (function () { return this; }).bind({ a: 1 });',
    'return (function () { return this; }).bind({ a: 2 });',
  ),
  pair(
    'bound arguments',
    'return ((a, b) => a + b).bind(null, 1);',
    'return ((a, b) => a + b).bind(null, 2);',
  ),
  pair(
    'a recursive function',
    'const f = (n) => n < 1 ? 1 : n * f(n - 1); return f;',
    'const f = (n) => n < 1 ? 1 : n + f(n - 1); return f;',
  ),
  pair(
    'mutually recursive functions',
    'const f = (n) => n < 1 || g(n - 1), g = (n) => n >= 1 && f(n - 1); return f;',
    'const f = (n) => n < 1 || g(n - 1), g = (n) => n > 1 && f(n - 1); return f;',
  ),
  pair(
    'a property of a function',
    'const h = (x) => h.n; h.n = 1; return h;',
    'const h = (x) => h.n; h.n = 2; return h;',
  ),
  pair(
    'a value made by a factory',
    'const mk = (n) => (x) => x + n; return mk(1);',
    'const mk = (n) => (x) => x + n; return mk(2);',
  ),
  pair(
    'arguments of the function around',
    'return (function () { return () => arguments[0]; })(1);',
    'return (function () { return () => arguments[0]; })(2);',
  ),
  pair('a variable of a block', '{ const v = 1; return () => v; }', '{ const v = 2; return () => v; }'),
  pair(
    'a variable of a catch',
    'try { throw 1; } catch (v) { return () => v; }',
    'try { throw 2; } catch (v) { return () => v; }',
  ),
  pair('a let that changed', 'let v = 1; return (x) => x + v;', 'let v = 1; v = 2; return (x) => x + v;'),
  pair(
    'a global of the user',
    'globalThis.millraceTest = 1; return (x) => x + millraceTest;',
    'globalThis.millraceTest = 2; return (x) => x + millraceTest;',
  ),
  pair(
    'a global of the user, as a member',
    'globalThis.millraceTest = 1; return (x) => globalThis.millraceTest;',
    'globalThis.millraceTest = 2; return (x) => globalThis.millraceTest;',
  ),
  pair(
    'a replaced global',
    'return () => structuredClone(1);',
    'const structuredClone = (x) => x; return () => structuredClone(1);',
  ),
  pair(
    'which built-in',
    'const f = Math.floor; return (x) => f(x);',
    'const f = Math.ceil; return (x) => f(x);',
  ),
  pair(
    'which method of Node',
    'const f = process.getBuiltinModule("node:path").dirname; return (x) => f(x);',
    'const f = process.getBuiltinModule("node:path").basename; return (x) => f(x);',
  ),

  captured('a number', '1', '2'),
  captured('minus zero', '0', '-0'),
  captured('NaN', 'NaN', '0'),
  captured('a number and its string', '1', '"1"'),
  captured('null and undefined', 'null', 'undefined'),
  captured('true and 1', 'true', '1'),
  captured('a string', '"a"', '"b"'),
  captured('a lone surrogate', '"\\ud800"', '"\\ud801"'),
  captured('a long string', '"é".repeat(1e5)', '"é".repeat(1e5 - 1) + "è"'),
  captured(
    'a long string with a lone surrogate',
    '"a".repeat(1e5) + "\\ud800"',
    '"a".repeat(1e5) + "\\ufffd"',
  ),
  captured('a BigInt', '10n', '11n'),
  captured('a BigInt and a number', '10n', '10'),
  captured('an array', '[1, 2]', '[2, 1]'),
  captured('how an array is nested', '[[1], 2]', '[[1, 2]]'),
  captured('a hole', '[1, , 3]', '[1, undefined, 3]'),
  captured('a hole at the end', '[1, ,]', '[1]'),
  captured(
    'holes of a long array',
    'Object.assign(new Array(5000), [1])',
    'Object.assign(new Array(5000).fill(undefined), [1])',
  ),
  captured('a property of an array', 'Object.assign([1], { a: 1 })', 'Object.assign([1], { a: 2 })'),
  captured(
    'a property of a long array',
    'Object.assign(new Array(5000).fill(1), { a: 1 })',
    'Object.assign(new Array(5000).fill(1), { a: 2 })',
  ),
  captured(
    'the last of a million numbers',
    'Array.from({ length: 1e6 }, (_, i) => i)',
    'Array.from({ length: 1e6 }, (_, i) => i === 999999 ? 0 : i)',
  ),
  captured('which string ends where', '["ab", "c"]', '["a", "bc"]'),
  captured('an object', '({ a: 1 })', '({ a: 2 })'),
  captured('an undefined property', '({ a: undefined })', '({})'),
  captured('the order of properties', '({ a: 1, b: 2 })', '({ b: 2, a: 1 })'),
  captured(
    'a deep value',
    '({ a: [{ b: new Map([[1, { c: 1 }]]) }] })',
    '({ a: [{ b: new Map([[1, { c: 2 }]]) }] })',
  ),
  captured('a symbol key', '({ [Symbol.for("k")]: 1 })', '({ [Symbol.for("k")]: 2 })'),
  captured(
    'a hidden property',
    'Object.defineProperty({}, "a", { value: 1 })',
    'Object.defineProperty({}, "a", { value: 2 })',
  ),
  captured('a prototype', 'Object.create({ a: 1 })', 'Object.create({ a: 2 })'),
  captured('no prototype', 'Object.create(null)', '({})'),
  captured('a key of a Map', 'new Map([[1, 2]])', 'new Map([[2, 2]])'),
  captured('a value of a Map', 'new Map([[1, 2]])', 'new Map([[1, 3]])'),
  captured('a Set', 'new Set([1, 2])', 'new Set([1, 3])'),
  captured('a Map and a Set', 'new Map()', 'new Set()'),
  captured('a Date', 'new Date(1)', 'new Date(2)'),
  captured('a RegExp', '/a/', '/b/'),
  captured('flags of a RegExp', '/a/g', '/a/gi'),
  captured('lastIndex of a RegExp', '/a/g', 'Object.assign(/a/g, { lastIndex: 1 })'),
  captured('a typed array', 'Uint8Array.of(1)', 'Uint8Array.of(2)'),
  captured('a kind of typed array', 'Uint8Array.of(1)', 'Int8Array.of(1)'),
  captured('a Buffer', 'Buffer.from("a")', 'Buffer.from("b")'),
  captured('a Buffer and its bytes', 'Buffer.from("a")', 'new Uint8Array([97])'),
  captured('an ArrayBuffer', 'new ArrayBuffer(1)', 'new ArrayBuffer(2)'),
  captured('a DataView', 'new DataView(new ArrayBuffer(1))', 'new DataView(new ArrayBuffer(2))'),
  captured('a boxed number', 'Object(1)', 'Object(2)'),
  captured('an error', 'new Error("a")', 'new Error("b")'),
  captured('a kind of error', 'new TypeError("a")', 'new RangeError("a")'),
  captured('a URL', 'new URL("http://a/")', 'new URL("http://b/")'),
  captured('a number format', 'new Intl.NumberFormat("en")', 'new Intl.NumberFormat("de")'),
  captured('a registered symbol', 'Symbol.for("a")', 'Symbol.for("b")'),
  captured('a registered and a unique symbol', 'Symbol.for("a")', 'Symbol("a")'),
  captured('a well-known symbol', 'Symbol.iterator', 'Symbol.asyncIterator'),
  captured('a description of a symbol', 'Symbol("a")', 'Symbol("b")'),
  captured(
    'a cycle',
    '(() => { const a = { n: 1 }; a.a = a; return a; })()',
    '(() => { const a = { n: 1 }; a.a = { n: 1, a }; return a; })()',
  ),
  captured('a shared reference', '(() => { const a = {}; return [a, a]; })()', '[{}, {}]'),
  captured(
    'a field of an instance',
    'new (class A { constructor(n) { this.n = n; } })(1)',
    'new (class A { constructor(n) { this.n = n; } })(2)',
  ),
  captured(
    'a private field',
    'new (class A { #n; constructor(n) { this.#n = n; } get() { return this.#n; } })(1)',
    'new (class A { #n; constructor(n) { this.#n = n; } get() { return this.#n; } })(2)',
  ),
  captured(
    'an object in a private field',
    'new (class A { #n; constructor(n) { this.#n = n; } })({ a: [1] })',
    'new (class A { #n; constructor(n) { this.#n = n; } })({ a: [2] })',
  ),
  captured(
    'a private -0',
    'new (class A { #n; constructor(n) { this.#n = n; } })(0)',
    'new (class A { #n; constructor(n) { this.#n = n; } })(-0)',
  ),
  captured(
    'the class of an instance',
    'new (class A { m() { return 1; } })()',
    'new (class A { m() { return 2; } })()',
  ),
  captured('an instance and a plain object', 'new (class A {})()', '({})'),
  captured(
    'an element of a subclass of Map',
    'new (class M extends Map {})([[1, 1]])',
    'new (class M extends Map {})([[1, 2]])',
  ),
  captured(
    'a code of a subclass of Map',
    'new (class M extends Map { m() { return 1; } })()',
    'new (class M extends Map { m() { return 2; } })()',
  ),

  pair(
    'a field of a DoFn',
    'return new (class F { n = 1; process(x) { return [x + this.n]; } })();',
    'return new (class F { n = 2; process(x) { return [x + this.n]; } })();',
  ),
  pair('a method of a DoFn', CLASS('setup() { this.n = 1; }'), CLASS('setup() { this.n = 2; }')),
  pair(
    'a private field of a DoFn',
    CLASS('#n = 1; get() { return this.#n; }'),
    CLASS('#n = 2; get() { return this.#n; }'),
  ),
  pair(
    'a method of a CombineFn',
    'return { createAccumulator: () => 0, addInput: (a, x) => a + x };',
    'return { createAccumulator: () => 1, addInput: (a, x) => a + x };',
  ),
  pair('elements', 'return [{ a: 1 }, { a: 2 }];', 'return [{ a: 1 }, { a: 3 }];'),

  pair(
    'a value of a cell',
    'CELLS.v = 1; return (x) => x + CELLS.v;',
    'CELLS.v = 2; return (x) => x + CELLS.v;',
  ),
  pair(
    'a helper of a cell',
    'CELLS.h = (x) => x; return (x) => CELLS.h(x);',
    'CELLS.h = (x) => -x; return (x) => CELLS.h(x);',
  ),
  pair(
    'a helper of a cell, three levels down',
    'CELLS.a = (x) => x; CELLS.b = (x) => CELLS.a(x); CELLS.c = (x) => CELLS.b(x); return (x) => CELLS.c(x);',
    'CELLS.a = (x) => -x; CELLS.b = (x) => CELLS.a(x); CELLS.c = (x) => CELLS.b(x); return (x) => CELLS.c(x);',
  ),
  pair(
    'a class of a cell',
    'CELLS.A = class A { m() { return 1; } }; return () => new CELLS.A().m();',
    'CELLS.A = class A { m() { return 2; } }; return () => new CELLS.A().m();',
  ),
  pair(
    'a cell behind a method of an object in a cell',
    'CELLS.v = 1; CELLS.o = { m() { return CELLS.v; } }; return () => CELLS.o.m();',
    'CELLS.v = 2; CELLS.o = { m() { return CELLS.v; } }; return () => CELLS.o.m();',
  ),
  pair(
    'a name of a cell that is not there yet',
    'return () => CELLS.later;',
    'CELLS.later = undefined; return () => CELLS.later;',
  ),
];
