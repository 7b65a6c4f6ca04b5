import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { flinkDown } from '../../runtime/src/runners/flink.ts';
import { flinkLib } from '../../runtime/src/runners/get-flink.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { testNeeding } from './tools.ts';

/** vitest's `test` for tests that run jobs on a Flink cluster; see testNeeding for where it was not fetched. */
export const testOnFlink = testNeeding('java', 'flink');

/** A home of its own that has the fetched jars; a cluster that is started in it ends with the test. */
export async function homeWithFlink(): Promise<string> {
  const home = await temporaryFolder();
  const lib = flinkLib(home);
  await mkdir(path.dirname(lib), { recursive: true });
  await symlink(flinkLib(millraceHome()), lib);
  onTestFinished(async () => {
    await flinkDown({ home });
  });
  return home;
}
