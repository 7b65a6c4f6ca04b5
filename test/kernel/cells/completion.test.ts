import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { isComplete } from '../../../kernel/src/cells/is-complete.ts';
import { Notebook } from './notebook.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-completion-'));
writeFileSync(path.join(directory, 'helper.ts'), 'export const helper = 1;');
writeFileSync(
  path.join(directory, 'parts.ts'),
  'export function zoom() {}\nexport class Alpha {}\nexport const LIMIT = 1;\nexport function able() {}',
);
writeFileSync(path.join(directory, 'barrel.ts'), "export { zoom, Alpha, LIMIT, able } from './parts.ts';");
const notebook = new Notebook(directory);

beforeAll(async () => {
  await notebook.run('let obj = [1, 2, 3]; const quoted = { "a-b": 1, plain: 2 }');
  await notebook.run(
    '/** Adds two numbers. @param a The first. */ function addUp(a: number, b: number): number { return a + b }',
  );
  await notebook.run(
    "import * as path from 'node:path'; class Whale {\n  /** Its weight. */\n  tons = 1; sing() {} } type Song = string; enum Sea { North }",
  );
});

/** `|` is the cursor. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  return { code: marked.slice(0, cursor) + marked.slice(cursor + 1), cursor };
}

test.each([
  { name: 'members', marked: 'const v = 1\nobj.|', has: ['map', 'length'], not: ['v', 'obj'], start: 16 },
  { name: 'members by prefix', marked: 'obj.ma|', has: ['map'], not: ['filter'], start: 4 },
  { name: 'members within a word', marked: 'obj.ma|p', has: ['map'], not: ['filter'], start: 4 },
  { name: 'members after ?.', marked: 'obj?.ma|', has: ['map'], not: [], start: 5 },
  { name: 'names of earlier cells', marked: 'add|', has: ['addUp'], not: ['obj'], start: 0 },
  { name: 'classes, enums and types', marked: 'let x: So|', has: ['Song'], not: [], start: 7 },
  { name: 'locals', marked: 'function f(inner: number) { in|', has: ['inner'], not: [], start: 28 },
  { name: 'globals', marked: 'cons|', has: ['console', 'const'], not: [], start: 0 },
  { name: 'members of an imported namespace', marked: 'path.jo|', has: ['join'], not: [], start: 5 },
  { name: 'members of an instance', marked: 'new Whale().|', has: ['sing', 'tons'], not: [], start: 12 },
  {
    name: 'in code with syntax errors',
    marked: 'const = ;\nif (obj.fil|',
    has: ['filter'],
    not: [],
    start: 18,
  },
  { name: 'quoted properties', marked: 'quoted["a|', has: ['a-b'], not: ['plain'], start: 8 },
  { name: 'local files', marked: "import { x } from './he|'", has: ['helper'], not: [], start: 21 },
  { name: 'modules of Node', marked: "import fs from 'node:f|'", has: ['node:fs'], not: [], start: 16 },
  {
    name: 'names of an import',
    marked: "import { joi| } from 'node:path'",
    has: ['join'],
    not: [],
    start: 9,
  },
  { name: 'display', marked: 'display.ht|', has: ['html'], not: [], start: 8 },
  { name: 'after text that is not ASCII', marked: "'🐋'; obj.ma|", has: ['map'], not: [], start: 10 },
  { name: 'nothing in a comment', marked: '// obj.|', has: [], not: ['map'], start: 7 },
])('complete() proposes $name', ({ marked, has, not, start }) => {
  const { code, cursor } = at(marked);
  const completion = notebook.service.complete(code, cursor);
  for (const word of has) expect(completion.matches).toContain(word);
  for (const word of not) expect(completion.matches).not.toContain(word);
  expect(completion.start).toBe(start);
  expect(completion.end).toBeGreaterThanOrEqual(cursor);
  expect(completion.types.map(({ text }) => text)).toEqual(completion.matches);
});

test('complete() says what kind a proposal is, and its type', () => {
  const { types } = notebook.service.complete('new Whale().', 12);
  expect(types.map(({ text, type }) => `${text}: ${type}`)).toEqual(['sing: function', 'tons: property']);
  expect(types.map(({ signature }) => signature)).toEqual(['() => void', 'number']);
});

test('complete() puts functions first, and knows what a module exports from another one', async () => {
  await notebook.run("import * as barrel from './barrel.ts'");
  const { types } = notebook.service.complete('barrel.', 7);
  expect(types.map(({ text, type }) => `${text} ${type}`)).toEqual([
    'able function',
    'zoom function',
    'Alpha class',
    'LIMIT instance',
  ]);
});

test('complete() puts locals before globals', () => {
  const { matches } = notebook.service.complete('const setMine = 1; set', 22);
  expect(matches[0]).toBe('setMine');
});

test.each([
  { name: 'a method at its end', marked: 'const v = 1\nobj.map|', has: ['map', 'callbackfn'] },
  {
    name: 'a name in its middle',
    marked: 'ad|dUp',
    has: ['addUp(a: number, b: number): number', 'Adds two numbers.'],
  },
  {
    name: 'the function whose arguments are being typed',
    marked: 'addUp(1, |',
    has: ['addUp(a: number, b: number): number', 'Adds two numbers.'],
  },
  {
    name: 'a function before its bracket',
    marked: 'addUp|(1, 2)',
    has: ['addUp(a: number, b: number): number'],
  },
  { name: 'a property with its documentation', marked: 'new Whale().tons|', has: ['number', 'Its weight.'] },
  { name: 'a value', marked: 'obj|', has: ['let obj: number[]'] },
  { name: 'a global', marked: 'JSON.parse|', has: ['parse(text: string'] },
])('inspect() describes $name', ({ marked, has }) => {
  const { code, cursor } = at(marked);
  const found = notebook.service.inspect(code, cursor, 0);
  for (const part of has) {
    expect(found?.plain).toContain(part);
    expect(found?.markdown).toContain(part);
  }
  expect(found?.markdown).toMatch(/^```typescript\n/);
});

test('inspect() tells of parameters only in detail', () => {
  expect(notebook.service.inspect('addUp', 5, 0)?.plain).not.toContain('@param');
  expect(notebook.service.inspect('addUp', 5, 1)?.plain).toContain('@param a The first.');
});

test.each(['', '  ', '1 + ', '// comment', 'nothing_here'])(
  'inspect() finds nothing at the end of "%s"',
  (code) => {
    expect(notebook.service.inspect(code, code.length, 0)?.plain ?? 'any').toMatch(/any/);
  },
);

test.each([
  { code: '', want: 'complete' },
  { code: '1 + 1', want: 'complete' },
  { code: 'const a = [1, 2]', want: 'complete' },
  { code: 'function f() {}', want: 'complete' },
  { code: 'await x', want: 'complete' },
  { code: 'foo(', want: 'incomplete', indent: '  ' },
  { code: 'function f() {', want: 'incomplete', indent: '  ' },
  { code: 'function f() {\n  if (x) {\n', want: 'incomplete', indent: '    ' },
  { code: 'const o = {\n  a: [', want: 'incomplete', indent: '    ' },
  { code: 'class A {\n  m() {}\n', want: 'incomplete', indent: '  ' },
  { code: '1 +', want: 'incomplete', indent: '' },
  { code: '1 + // more', want: 'incomplete', indent: '' },
  { code: 'const x =', want: 'incomplete', indent: '' },
  { code: 'p\n  .map((x) =>', want: 'incomplete', indent: '  ' },
  { code: '`abc', want: 'incomplete', indent: '' },
  { code: '`abc ${x', want: 'incomplete', indent: '' },
  { code: '/* abc', want: 'incomplete', indent: '' },
  { code: "'abc\\", want: 'incomplete', indent: '' },
  { code: 'if (x)', want: 'incomplete', indent: '' },
  { code: 'for (const x of xs)', want: 'incomplete', indent: '' },
  { code: 'x.', want: 'incomplete', indent: '' },
  { code: 'const = 1', want: 'invalid' },
  { code: 'let 3x = }', want: 'invalid' },
  { code: '}', want: 'invalid' },
  { code: "'abc", want: 'invalid' },
  { code: 'f(1))', want: 'invalid' },
])('isComplete() of "$code" is $want', ({ code, want, indent }) => {
  expect(isComplete(code)).toEqual(indent === undefined ? { status: want } : { status: want, indent });
});
