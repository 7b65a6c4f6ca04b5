import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { isLocal, resolveLocal } from '../../../kernel/src/modules/resolve-local.ts';

const directory = mkdtempSync(join(tmpdir(), 'millrace-resolve-'));
mkdirSync(join(directory, 'folder'));
for (const file of [
  'a.ts',
  'a.js',
  'b.js',
  'c.mts',
  'd.json',
  'e.tsx',
  'folder/index.ts',
  'x.y.ts',
  'é.ts',
]) {
  writeFileSync(join(directory, file), '');
}

test.each([
  { specifier: './a', want: 'a.ts' },
  { specifier: './a.js', want: 'a.ts' },
  { specifier: './a.ts', want: 'a.ts' },
  { specifier: './b', want: 'b.js' },
  { specifier: './b.js', want: 'b.js' },
  { specifier: './c.mjs', want: 'c.mts' },
  { specifier: './d.json', want: 'd.json' },
  { specifier: './e.js', want: 'e.tsx' },
  { specifier: './folder', want: 'folder/index.ts' },
  { specifier: './x.y', want: 'x.y.ts' },
  { specifier: './é', want: 'é.ts' },
  { specifier: './a.ts?query', want: 'a.ts' },
  { specifier: pathToFileURL(join(directory, 'b.js')).href, want: 'b.js' },
  { specifier: './none', want: undefined },
])('resolveLocal() finds $want for $specifier', ({ specifier, want }) => {
  const found = resolveLocal(specifier, join(directory, 'notebook.mjs'));
  expect(found && relative(directory, found)).toBe(want);
});

test.each([
  ['./a', true],
  ['..', true],
  ['/a', true],
  ['file:///a', true],
  ['lodash', false],
  ['@a/b', false],
  ['node:fs', false],
  ['#internal', false],
])('isLocal(%s) is %s', (specifier, want) => {
  expect(isLocal(specifier)).toBe(want);
});
