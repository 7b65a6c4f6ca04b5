import { build } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-spill-processes-'));
  program = path.join(folder, 'spill-for-ever.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('spill-for-ever.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = async (spills: string, pid: number | undefined) =>
  (await readdir(spills).catch(() => [])).filter((name) => name.split('.')[1] === `${pid}`);

test('what a killed process has spilled goes when the next run starts, and what a living one has stays', async () => {
  const spills = await temporaryFolder();
  const start = () => spawn(process.execPath, [program, spills], { stdio: 'ignore' });
  const [killed, living] = [start(), start()];
  try {
    await until(async () => (await filesOf(spills, killed.pid)).length > 0, { what: 'it spills' });
    await until(async () => (await filesOf(spills, living.pid)).length > 0, { what: 'it spills' });
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(await filesOf(spills, killed.pid)).not.toEqual([]);

    const next = spawnSync(process.execPath, [program, spills, '5000'], { encoding: 'utf8' });
    expect(next.stdout).toBe('groups: 1000\n');
    expect(await filesOf(spills, killed.pid)).toEqual([]);
    expect(await filesOf(spills, living.pid)).not.toEqual([]);
  } finally {
    for (const child of [killed, living]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
});

/** A file system of 8 MB, where this process may mount one: as root on Linux. */
const small = mkdtempSync(path.join(tmpdir(), 'millrace-small-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [small]);
  rmSync(small, { recursive: true, force: true });
});

test.runIf(isMounted)('a disk that becomes full while spilling is an error, and is empty after it', () => {
  const { stdout } = spawnSync(process.execPath, [program, small], { encoding: 'utf8' });
  expect(stdout).toMatch(
    /^SpillError: Cannot spill to \S+ as its disk must have room: received ENOSPC: no space left on device, write, after \d+ MB; what was spilled is removed\n$/,
  );
  expect(readdirSync(small)).toEqual([]);
});
