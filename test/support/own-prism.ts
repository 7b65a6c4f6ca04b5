import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { prismProgram } from '../../runtime/src/runners/get-prism.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import type { LocalRunner } from '../../runtime/src/runners/local-runner.ts';
import { startPrism, stopPrism } from '../../runtime/src/runners/prism.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { testNeeding } from './tools.ts';

/** vitest's `test` for tests that run jobs on Prism; see testNeeding for where it was not fetched. */
export const testOnPrism = testNeeding('prism');

/** A home of its own that has the fetched Prism. @returns the folder; MILLRACE_HOME of programs that a test starts. */
export async function homeWithPrism(): Promise<string> {
  const home = await temporaryFolder();
  const program = prismProgram(home);
  await mkdir(path.dirname(program), { recursive: true });
  await symlink(prismProgram(millraceHome()), program);
  onTestFinished(async () => {
    await stopPrism({ home });
  });
  return home;
}

/** Starts a Prism that ends with the test, with all of its jobs. */
export async function ownPrism(): Promise<LocalRunner> {
  return await startPrism({ home: await homeWithPrism() });
}
