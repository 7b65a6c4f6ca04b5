import { expect, test } from 'vitest';
import { checkedBundle, showValue, textOf } from '../../../kernel/src/session/thread/mime-bundle.ts';

const DISPLAY = Symbol.for('Jupyter.display');

test.each([
  { name: 'a number', value: 2, want: '2' },
  { name: 'a string', value: "it's", want: '"it\'s"' },
  { name: 'null', value: null, want: 'null' },
  { name: 'a map', value: new Map([['k', { a: 1n }]]), want: "Map(1) { 'k' => { a: 1n } }" },
  { name: 'a function', value: Map, want: '[Function: Map]' },
])('showValue() shows $name as a REPL does', async ({ value, want }) => {
  expect((await showValue(value)).data).toEqual({ 'text/plain': want });
});

test('showValue() takes the bundle of a value that has one, sync or async', async () => {
  const bundle = { 'text/html': '<b>x</b>' };
  expect((await showValue({ [DISPLAY]: () => bundle })).data).toEqual(bundle);
  expect((await showValue({ [DISPLAY]: () => Promise.resolve(bundle) })).data).toEqual(bundle);
  await expect(showValue({ [DISPLAY]: () => 'x' })).rejects.toThrow(/must be an object of MIME types/);
  await expect(showValue({ [DISPLAY]: () => Promise.reject(new RangeError('own')) })).rejects.toThrow('own');
});

function raise(): never {
  throw new RangeError('no');
}

test('showValue() shows what throws when it is looked at', async () => {
  const hostile = new Proxy({}, { get: raise });
  expect((await showValue(hostile)).data).toEqual({ 'text/plain': '{}' });
  const throwing = Object.defineProperty({}, DISPLAY, { get: raise, enumerable: true });
  // Node 20 puts brackets around the symbol, Node 24 does not.
  expect((await showValue(throwing)).data['text/plain']).toMatch(/Symbol\(Jupyter\.display\)\]?: \[Getter\]/);
});

test('showValue() draws a Vega-Lite specification', async () => {
  const spec = { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar' };
  expect((await showValue(spec)).data).toEqual({
    'application/vnd.vegalite.v5+json': spec,
    'text/plain': 'Vega-Lite chart',
  });
});

test('textOf() is bounded, and never throws', () => {
  expect(textOf('x'.repeat(1_000_000)).length).toBeLessThan(25_000);
  expect(textOf(Array.from({ length: 1000 }, () => 'y'.repeat(1000))).length).toBeLessThan(210_000);
  const bad = {
    [Symbol.for('nodejs.util.inspect.custom')]: () => {
      throw new Error('no');
    },
  };
  expect(textOf(bad)).toContain('no');
});

test('checkedBundle() makes base64 of bytes and plain JSON of values', () => {
  expect(
    checkedBundle({
      'image/png': new Uint8Array([1, 2, 3]),
      'text/plain': ['a', 'b'],
      'image/gif': undefined,
      'application/json': {
        n: 1n,
        big: 2n ** 70n,
        m: new Map([['a', new Set([1])]]),
        t: new Float32Array([1, 2]),
      },
    }),
  ).toEqual({
    'image/png': 'AQID',
    'text/plain': 'ab',
    'application/json': { n: 1, big: '1180591620717411303424', m: { a: [1] }, t: [1, 2] },
  });
});

test.each([
  { name: 'a key that is no MIME type', bundle: { png: 'x' }, message: /received "png"/ },
  {
    name: 'a picture that is a number',
    bundle: { 'image/png': 1 },
    message: /string or bytes: received number/,
  },
  { name: 'an array', bundle: [], message: /must be an object of MIME types/ },
  { name: 'JSON that is a function', bundle: { 'application/json': () => 1 }, message: /must be JSON/ },
])('checkedBundle() throws on $name', ({ bundle, message }) => {
  expect(() => checkedBundle(bundle)).toThrow(message);
});

test('checkedBundle() throws on JSON in a circle', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => checkedBundle({ 'application/json': circle })).toThrow(/must be JSON/);
});
