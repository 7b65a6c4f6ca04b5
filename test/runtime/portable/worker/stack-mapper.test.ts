import { addMapping, GenMapping, toEncodedMap } from '@jridgewell/gen-mapping';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { stackMapper } from '../../../../runtime/src/portable/worker/stack-mapper.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A module whose line 12 is the cell's line 3. */
async function mapped() {
  const folder = await temporaryFolder();
  const modulePath = path.join(folder, 'pipeline.mjs');
  const sourceMapPath = `${modulePath}.map`;
  const map = new GenMapping();
  addMapping(map, { generated: { line: 12, column: 4 }, original: { line: 3, column: 9 }, source: 'cell 7' });
  addMapping(map, {
    generated: { line: 13, column: 0 },
    original: { line: 5, column: 0 },
    source: 'src/pipeline.ts',
  });
  await writeFile(sourceMapPath, JSON.stringify(toEncodedMap(map)));
  return { modulePath, sourceMapPath, url: pathToFileURL(modulePath).href };
}

test('stackMapper() makes frames of the module, and of its copies, name cells and files', async () => {
  const { url, ...paths } = await mapped();
  const stack = [
    'TypeError: no',
    `    at parse (${url}:12:5)`,
    `    at async Promise.all (index 0)`,
    `    at ${url}?copy=3:13:1`,
    `    at run (file:///elsewhere/other.mjs:12:5)`,
  ].join('\n');
  expect(stackMapper(paths)(stack).split('\n')).toEqual([
    'TypeError: no',
    '    at parse (cell 7:3:10)',
    '    at async Promise.all (index 0)',
    '    at src/pipeline.ts:5:1',
    '    at run (file:///elsewhere/other.mjs:12:5)',
  ]);
});

test('stackMapper() leaves out the name that a function without one got in the module', async () => {
  const { url, ...paths } = await mapped();
  const stack = `Error\n    at m1_. (${url}:12:5)\n    at async m20_. (${url}:12:5)\n    at m1_.own (${url}:12:5)`;
  expect(stackMapper(paths)(stack).split('\n')).toEqual([
    'Error',
    '    at cell 7:3:10',
    '    at async cell 7:3:10',
    '    at m1_.own (cell 7:3:10)',
  ]);
});

test('stackMapper() leaves a stack as it is, without a map that can be read', async () => {
  const { url, modulePath } = await mapped();
  const stack = `Error\n    at ${url}:12:5`;
  expect(stackMapper({ modulePath, sourceMapPath: '/nowhere/map' })(stack)).toBe(stack);
  expect(stackMapper({ modulePath: undefined, sourceMapPath: undefined })(stack)).toBe(stack);
});
