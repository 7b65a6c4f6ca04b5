import { expect, test } from 'vitest';
import { asModule, interop } from '../../../kernel/src/modules/interop.ts';

test('asModule() gives members as exports, and the whole as default', () => {
  expect({ ...asModule({ a: 1 }) }).toEqual({ a: 1, default: { a: 1 } });
  expect({ ...asModule([1]) }).toEqual({ default: [1] });
  expect({ ...asModule(null) }).toEqual({ default: null });
});

test('interop() gives the default export that a transpiled module meant', () => {
  const exports = Object.assign(() => 1, { __esModule: true, default: 'meant', other: 2 });
  expect({ ...interop({ default: exports, other: 2 }) }).toEqual({ default: 'meant', other: 2 });
});

test('interop() leaves other modules as they are', () => {
  for (const namespace of [{ a: 1 }, { default: { a: 1 } }, { default: null }, { default: { default: 1 } }]) {
    expect(interop(namespace)).toBe(namespace);
  }
});
