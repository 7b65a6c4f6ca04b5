import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, test, type TestAPI } from 'vitest';
import { flinkDown } from '../../runtime/src/runners/flink.ts';
import { flinkLib } from '../../runtime/src/runners/get-flink.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * vitest's `test` for tests that run jobs on a Flink cluster.
 *
 * Where it was not fetched they are skipped, and the reason stands in their names; with CI=true they fail.
 */
export const testOnFlink: TestAPI =
  existsSync(flinkLib(millraceHome())) || ['1', 'true'].includes(process.env.CI ?? '')
    ? test
    : (((name: string, ...rest: unknown[]) =>
        (test.skip as unknown as (...args: unknown[]) => void)(
          `${name} (Flink missing: npx millrace get flink)`,
          ...rest,
        )) as unknown as TestAPI); // called as testOnFlink(name, …) only

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
