import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { workerCommand } from '../../../../runtime/src/portable/worker/worker-command.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('workerCommand() writes one program, which needs no PATH to find its Node', async () => {
  const folder = await temporaryFolder();
  const file = await workerCommand({ folder });
  expect(await workerCommand({ folder })).toBe(file);
  expect(await readdir(folder)).toHaveLength(1);
  expect(await readFile(file, 'utf8')).toContain(`exec '${process.execPath}' '`);
});

test('workerCommand() quotes what a shell would take apart', async () => {
  const folder = await temporaryFolder();
  const file = await workerCommand({ folder, nodeModules: "/it's here/$HOME" });
  const words = (await readFile(file, 'utf8')).replace('exec ', 'printf "%s\\n" ').replace('#!/bin/sh\n', '');
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', words, 'sh', '--id=a b']);
  expect(stdout.split('\n').slice(-4)).toEqual([
    '--watch_parent',
    "--node_modules=/it's here/$HOME",
    '--id=a b',
    '',
  ]);
});
