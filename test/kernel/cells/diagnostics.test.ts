import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { TypeScriptLanguage } from '../../../kernel/src/cells/type-script-language.ts';
import { Notebook, placesIn } from './notebook.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-diagnostics-'));
mkdirSync(path.join(directory, 'node_modules/untyped'), { recursive: true });
writeFileSync(
  path.join(directory, 'node_modules/untyped/package.json'),
  '{"name":"untyped","main":"index.js"}',
);
writeFileSync(path.join(directory, 'node_modules/untyped/index.js'), 'exports.f = () => 1;');
const language = new TypeScriptLanguage(placesIn(directory));
let notebook: Notebook;
beforeEach(() => {
  notebook = new Notebook(directory, language);
});

function errorsOf(code: string) {
  const { result } = notebook.service.prepare({ id: 3, code });
  return result.kind === 'refused' ? result.errors : [];
}

/** Each row: a cell, and where its errors are: "code line:column-line:column". */
test.each([
  { name: 'a wrong type', code: "const bad: number = 'str'", want: ['2322 1:7-1:10'] },
  { name: 'a wrong type on a later line', code: "\n\n  const bad: number = 'str'", want: ['2322 3:9-3:12'] },
  { name: 'an unknown name', code: 'foo_undefined + 1', want: ['2552 1:1-1:14'] },
  {
    name: 'two errors',
    code: "const a: number = ''\nconst b: string = 1",
    want: ['2322 1:7-1:8', '2322 2:7-2:8'],
  },
  { name: 'a syntax error', code: 'const = 1', want: ['1134 1:7-1:8', '1134 1:9-1:10'] },
  { name: 'an unclosed bracket', code: 'f(1', want: ['1005 1:4-1:4'] },
  { name: 'an unclosed template', code: '`abc', want: ['1160 1:5-1:5'] },
  { name: 'an unclosed comment', code: '1 /* abc', want: ['1010 1:9-1:9'] },
  { name: 'CRLF before it', code: '1\r\nconst b: string = 1', want: ['2322 2:7-2:8'] },
  { name: 'text that is not ASCII before it', code: "'🐋'; nope", want: ['2304 1:7-1:11'] },
  {
    name: 'a name declared twice in one cell',
    code: 'const a = 1; let a = 2',
    want: ['2451 1:7-1:8', '2451 1:18-1:19'],
  },
  { name: 'a missing module', code: "import x from 'not-there'", want: ['2307 1:15-1:26'] },
  {
    name: 'a missing member of a module',
    code: "import { nope } from 'node:path'",
    want: ['2305 1:10-1:14'],
  },
  { name: 'a parameter without a type', code: 'const f = (x) => x', want: ['7006 1:12-1:13'] },
  { name: 'return at the top level', code: 'return 1', want: ['1108 1:1-1:7'] },
  { name: 'using at the top level', code: 'using r = { [Symbol.dispose]() {} }', want: ['0 1:1-1:36'] },
  {
    name: 'await using at the top level',
    code: 'await using r = { async [Symbol.asyncDispose]() {} }',
    want: ['0 1:1-1:53'],
  },
  { name: 'JSX', code: 'const e = <div>hi</div>', want: ['0 1:11-1:24'] },
  { name: 'require', code: "import x = require('fs')", want: ['0 1:1-1:25'] },
  { name: 'a re-export', code: "export * from 'node:path'", want: ['0 1:1-1:26'] },
  { name: 'a default export', code: 'export default 1', want: ['0 1:1-1:17'] },
  { name: 'import.meta.resolve', code: "import.meta.resolve('x')", want: ['0 1:1-1:20'] },
  { name: 'a declared __proto__', code: 'const __proto__ = 1', want: ['0 1:1-1:20'] },
  { name: 'no DOM', code: 'document.title', want: ['2584 1:1-1:9'] },
  // What is no error in a notebook
  { name: 'a package without types', code: "import { f } from 'untyped'; f()", want: [] },
  {
    name: 'names that nobody uses',
    code: 'const unused = 1; import fs from "node:fs"; function f(a: number) {}',
    want: [],
  },
  { name: 'code that is not reached', code: 'function f() { return 1; f() }', want: [] },
  { name: 'let that gets its type later', code: 'let later', want: [] },
  {
    name: 'the globals of Node',
    code: 'process.argv; Buffer.from(""); setTimeout(() => {}, 1); console.log(1); const f = fetch; new URL("x:y"); structuredClone(1)',
    want: [],
  },
  {
    name: 'display',
    code: "display(1); display.html('<b>'); display.png(new Uint8Array(1)); display.clear()",
    want: [],
  },
  { name: "tslab's display", code: "import * as tslab from 'tslab'; tslab.display.html('<b>')", want: [] },
])('prepare() reports $name', ({ code, want }) => {
  const errors = errorsOf(code).map(
    (error) => `${error.code} ${error.line}:${error.column}-${error.endLine}:${error.endColumn}`,
  );
  expect(errors).toEqual(want);
});

test('a refused cell is printed with its place underlined', () => {
  const { result } = notebook.service.prepare({ id: 3, code: "const ok = 1;\n\tconst bad: number = 'str';" });
  expect(result.kind === 'refused' && result.text).toBe(
    [
      "cell 3:2:8 - error TS2322: Type 'string' is not assignable to type 'number'.",
      '',
      "2 \tconst bad: number = 'str';",
      '  \t      ~~~',
    ].join('\n'),
  );
});

test('a mark stands under its place after wide characters', () => {
  const { result } = notebook.service.prepare({ id: 1, code: "'日本'; nope" });
  expect(result.kind === 'refused' && result.text.split('\n').slice(2)).toEqual([
    "1 '日本'; nope",
    '          ~~~~',
  ]);
});

test('a long line is cut around the place', () => {
  const code = `const long = '${'x'.repeat(500)}'; nope; '${'y'.repeat(500)}'`;
  const { result } = notebook.service.prepare({ id: 1, code });
  const [line = '', mark = ''] = result.kind === 'refused' ? result.text.split('\n').slice(2) : [];
  expect(line.length).toBeLessThan(130);
  expect(line.slice(mark.indexOf('~'), mark.lastIndexOf('~') + 1)).toBe('nope');
});

test('a missing package comes with what to do', () => {
  expect(errorsOf("import x from '@scope/pkg/sub'")[0]?.message).toContain('Run `npm install @scope/pkg`');
  expect(errorsOf("import x from './nope.ts'")[0]?.message).not.toContain('npm install');
});

test('a refused cell declares nothing', async () => {
  await expect(notebook.run("const a = 1; const b: number = 'x'")).rejects.toThrow('TS2322');
  await expect(notebook.run('a')).rejects.toThrow("Cannot find name 'a'");
});

test('an edited local file is seen at the next cell', () => {
  const file = path.join(directory, 'local.ts');
  const code = "import { value } from './local.ts'; const n: number = value;";
  writeFileSync(file, 'export const value = 1;');
  expect(errorsOf(code)).toEqual([]);
  writeFileSync(file, "export const value = 'text';");
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  expect(errorsOf(code).map((error) => error.code)).toEqual([2322]);
});

test('a package that was installed meanwhile is seen at the next cell', () => {
  const code = "import { late } from 'late'; const n: number = late;";
  expect(errorsOf(code).map((error) => error.code)).toEqual([2307]);
  mkdirSync(path.join(directory, 'node_modules/late'), { recursive: true });
  writeFileSync(path.join(directory, 'node_modules/late/package.json'), '{"name":"late","types":"i.d.ts"}');
  writeFileSync(path.join(directory, 'node_modules/late/i.d.ts'), 'export declare const late: string;');
  expect(errorsOf(code).map((error) => error.code)).toEqual([2322]);
});

test("the notebook's tsconfig.json decides how strict cells are", () => {
  const lenient = mkdtempSync(path.join(tmpdir(), 'millrace-tsconfig-'));
  writeFileSync(
    path.join(lenient, 'tsconfig.json'),
    '{ "compilerOptions": { "noImplicitAny": false, "module": "commonjs", "noEmit": true } }',
  );
  const { service } = new Notebook(lenient);
  expect(service.prepare({ id: 1, code: 'const f = (x) => x; await f(1)' }).result.kind).toBe('ready');
});

test('the types of earlier cells are those of their code', async () => {
  await notebook.run(
    'class K { #p = 1; private q = 2 } const k = new K(); const tuple = [1, "a"] as const; let n = 1; const s = Symbol()',
  );
  await notebook.run(
    'const pair = <A, B>(a: A, b: B) => ({ a, b }); const local = (() => { class Hidden { h = 1 } return new Hidden() })()',
  );
  const code =
    'const a: "a" = tuple[1]; k.q; n = "text"; const p: { a: number; b: string } = pair(1, "b"); local.h.toFixed(); const t: typeof s = s; n = tuple[0]';
  expect(errorsOf(code).map((error) => error.code)).toEqual([2341, 2322]);
});

test('commit() forgets a cell once no later one needs it', () => {
  const { service } = notebook;
  const alive = (serial: number, code: string) => {
    const { result, declarations } = service.prepare({ id: serial, code });
    const names = result.kind === 'ready' ? result.names : [];
    return service.commit({ serial, id: serial, code, names, defined: names, declarations });
  };
  expect(alive(1, 'class K { n = 1 } const c = { n: 1 }')).toEqual([1]);
  // What d is, is written down as { n: number }: the cell that it was computed from is not needed for it.
  expect(alive(2, 'const d = { n: c.n + 1 }')).toEqual([1, 2]);
  expect(alive(3, 'const k = new K()')).toEqual([1, 2, 3]);
  expect(alive(4, 'const c = 4; class K { m = 1 }')).toEqual([1, 2, 3, 4]);
  expect(alive(5, 'const k = 5')).toEqual([2, 4, 5]);
  expect(errorsOf('const s: string = d.n').map((error) => error.code)).toEqual([2322]);
});
