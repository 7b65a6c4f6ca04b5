import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { localSources } from '../../../kernel/src/export/local-sources.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

test('localSources() takes what is imported, names files whole, and finds the packages', async () => {
  const folder = await folderOf({
    'book/notebook.ipynb': '',
    'book/words.ts':
      "import { stem } from '../lib/stem';\nimport data from './data.json';\nexport * from './more.js';\nimport 'node:fs';",
    'book/more.ts': 'export const more = 1;',
    'book/data.json': '{}',
    'lib/stem.ts':
      'import type { Stemmer } from \'stemmer\';\nexport const stem = async () => await import("./late");',
    'lib/late/index.ts': 'export default 1;',
    'lib/unused.ts': '',
  });
  const sources = localSources(['./words', 'zod', 'millrace'], path.join(folder, 'book'));
  expect(Object.fromEntries(sources.files)).toEqual({
    'lib/book/words.ts':
      "import { stem } from '../lib/stem.ts';\nimport data from './data.json' with { type: 'json' };\nexport * from './more.ts';\nimport 'node:fs';",
    'lib/book/more.ts': 'export const more = 1;',
    'lib/book/data.json': '{}',
    'lib/lib/stem.ts':
      'import type { Stemmer } from \'stemmer\';\nexport const stem = async () => await import("./late/index.ts");',
    'lib/lib/late/index.ts': 'export default 1;',
  });
  expect(sources.packages.map(({ specifier }) => specifier).sort()).toEqual([
    'millrace',
    'node:fs',
    'stemmer',
    'zod',
  ]);
  expect(sources.specifierOf('./words')).toBe('./lib/book/words.ts');
  expect(sources.specifierOf('zod')).toBe('zod');
});

test('localSources() keeps files of one folder flat, and stops at imports in a circle', async () => {
  const folder = await folderOf({ 'a.ts': "import './b.ts';", 'b.ts': "import './a.ts';" });
  expect([...localSources(['./a.ts'], folder).files.keys()].sort()).toEqual(['lib/a.ts', 'lib/b.ts']);
});

test('localSources() refuses a module that is not there, by name', async () => {
  const folder = await folderOf({ 'a.ts': "import './gone';" });
  expect(() => localSources(['./a.ts'], folder)).toThrow(
    /modules that it imports must be there: received "\.\/gone" in a\.ts/,
  );
});
