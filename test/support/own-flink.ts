import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, test, type TestAPI } from 'vitest';
import { flinkDown, flinkUp } from '../../runtime/src/runners/flink.ts';
import { flinkLib } from '../../runtime/src/runners/get-flink.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * vitest's `test` for tests that run jobs on a Flink cluster of their own.
 *
 * Where Flink was not fetched they are skipped, and the reason stands in their names; with CI=true they fail.
 */
export const testOnFlink: TestAPI =
  existsSync(flinkLib(millraceHome())) || ['1', 'true'].includes(process.env.CI ?? '')
    ? test
    : (((name: string, ...rest: unknown[]) =>
        (test.skip as unknown as (...args: unknown[]) => void)(
          `${name} (Flink missing: npx millrace get flink)`,
          ...rest,
        )) as unknown as TestAPI); // called as testOnFlink(name, …) only

/** Starts a cluster of two TaskManagers that ends with the test. @returns the MILLRACE_HOME in which programs find it. */
export async function homeWithFlink(): Promise<string> {
  const home = await temporaryFolder();
  const lib = flinkLib(home);
  await mkdir(path.dirname(lib), { recursive: true });
  await symlink(flinkLib(millraceHome()), lib);
  onTestFinished(async () => {
    await flinkDown({ home });
  });
  await flinkUp({ home });
  return home;
}
