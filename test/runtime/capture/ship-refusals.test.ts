import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import * as beam from 'millrace';
import { afterAll, expect, test } from 'vitest';
import { CaptureError } from '../../../runtime/src/errors.ts';
import { evaluate } from './evaluate.ts';
import { capture } from './ship.ts';

const server = createServer();
const timer = setInterval(() => undefined, 1e6);
afterAll(() => {
  server.close();
  clearInterval(timer);
});

/** Why a value does not ship. */
async function refusal(
  value: unknown,
): Promise<{ readonly path: string; readonly reason: string; readonly hint: string }> {
  try {
    const { code } = await capture(value);
    throw new TypeError(`it ships:\n${code}`);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    const { path, reason, hint } = error;
    return { path, reason, hint };
  }
}

const made = (body: string) => evaluate(body);

test.each([
  {
    name: 'a server',
    value: { db: { server } },
    path: '"shipped".db.server',
    reason: 'is a live connection',
  },
  { name: 'a stream', value: [Readable.from([])], path: '"shipped"[0]', reason: 'is a stream' },
  { name: 'a timer', value: new Map([['t', timer]]), path: '"shipped".get("t")', reason: 'is a timer' },
  {
    name: 'a signal',
    value: new AbortController(),
    path: '"shipped"',
    reason: 'is a signal of this process',
  },
  { name: 'a promise', value: { p: Promise.resolve(1) }, path: '"shipped".p', reason: 'is a promise' },
  {
    name: 'what a WeakMap has for a key that ships',
    value: [new WeakMap([[Math, { db: server }]])],
    path: '"shipped"[0].get(…).db',
    reason: 'is a live connection',
  },
  { name: 'a Proxy', value: [new Proxy({}, {})], path: '"shipped"[0]', reason: 'is a Proxy' },
  {
    name: 'shared memory',
    value: new SharedArrayBuffer(8),
    path: '"shipped"',
    reason: 'is memory that threads share, which no other process can',
  },
  {
    name: 'a PCollection',
    value: beam.pipeline().apply(beam.create([1])),
    path: '"shipped"',
    reason: 'is a PCollection, which holds no elements',
  },
])('captureModule() refuses $name, with its path', async ({ value, path, reason }) => {
  expect(await refusal(value)).toMatchObject({ path, reason });
});

test.each([
  {
    name: 'a running generator that a helper closes over',
    make: 'const gen = (function* () { yield 1; })(); const next = () => gen.next(); return function step(x) { return next(); };',
    path: '"gen" (captured by "next", cell 1, line 1)',
    reason: 'is a running generator',
  },
  {
    name: 'the `this` around an arrow function',
    make: 'return { make() { return (x) => this.n + x; }, n: 1 }.make();',
    path: '"shipped"',
    reason: 'uses the `this` of the code around it, which cannot be read',
  },
  {
    name: 'super outside of its class',
    make: 'const o = { __proto__: { m() { return 1; } }, m() { return super.m(); } }; return o;',
    path: '"shipped".m',
    reason: 'uses `super` outside of its class',
  },
  {
    name: 'eval',
    make: 'return (x) => eval(x);',
    path: '"shipped"',
    reason: 'uses eval, so what it depends on cannot be told',
  },
  {
    name: 'an import whose name is computed',
    make: 'return (name) => import(name);',
    path: '"shipped"',
    reason: 'imports a module whose name is computed',
  },
  {
    name: 'all cells at once',
    make: 'return () => Object.keys(CELLS);',
    path: '"shipped"',
    reason: 'uses all names of the notebook at once',
  },
  {
    name: 'a cell that did not run yet',
    make: 'return () => CELLS.later;',
    path: '"shipped"',
    reason: 'uses "later", which has no value yet',
  },
  {
    name: 'a deep list',
    make: 'let list = null; for (let i = 0; i < 2000; i++) list = { list }; return { list };',
    path: /^"shipped"(\.list){1001}$/,
    reason: 'is nested more than 1000 levels deep',
  },
])('captureModule() refuses $name, with its path', async ({ make, path, reason }) => {
  const received = await refusal(made(make));
  if (typeof path === 'string') expect(received.path).toBe(path);
  else expect(received.path).toMatch(path);
  expect(received.reason).toBe(reason);
});

test('captureModule() says what to do about a connection, and by which function it was captured', async () => {
  const enrich = made('const db = {}; return { enrich: function enrich(x) { return db; }, db };') as {
    enrich: unknown;
    db: { socket?: unknown };
  };
  enrich.db.socket = server;
  const error = await capture(enrich.enrich, {
    subjects: new Map([['shipped', 'the function of "Map(enrich)"']]),
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CaptureError);
  expect(error).toMatchObject({
    message:
      'Cannot ship a function to a worker as all it uses must be code or data: received "db".socket (captured by "enrich", cell 1, line 1), which is a live connection',
    hint: 'Open it in setup() of a DoFn',
  });
});
