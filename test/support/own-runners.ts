import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, test, type TestAPI } from 'vitest';
import { flinkDown, flinkUp } from '../../runtime/src/runners/flink.ts';
import { flinkLib } from '../../runtime/src/runners/get-flink.ts';
import { prismProgram } from '../../runtime/src/runners/get-prism.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import { startPrism, stopPrism } from '../../runtime/src/runners/prism.ts';
import { findTool } from './tools.ts';

/** The runners that jobs are tested on. */
export type OwnRunner = 'prism' | 'flink';

/**
 * Starts a Prism and a Flink cluster for all tests of a file, in a home of their own, and ends them after these.
 *
 * @returns the home: MILLRACE_HOME of programs that the tests start. It is there when the first test begins.
 */
export function ownRunners(...runners: readonly OwnRunner[]): { readonly home: string } {
  const own = { home: '' };
  const there = runners.filter((runner) => missing(runner) === undefined);
  beforeAll(async () => {
    const fetched = millraceHome();
    own.home = await mkdtemp(path.join(tmpdir(), 'millrace-runners-'));
    for (const [runner, place] of [
      ['prism', prismProgram],
      ['flink', flinkLib],
    ] as const) {
      if (!there.includes(runner)) continue;
      await mkdir(path.dirname(place(own.home)), { recursive: true });
      await symlink(place(fetched), place(own.home));
    }
    await Promise.all(there.map((runner) => (runner === 'prism' ? startPrism : flinkUp)({ home: own.home })));
  });
  afterAll(async () => {
    const { home } = own;
    await Promise.all([stopPrism({ home }), flinkDown({ home })]);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return own;
}

/**
 * vitest's `test` for tests that run jobs on a runner.
 *
 * Where it, or its Java, is missing they are skipped, and the reason stands in their names; with CI=true they fail.
 */
export function testOn(runner: OwnRunner): TestAPI {
  const why = missing(runner);
  if (why === undefined || ['1', 'true'].includes(process.env.CI ?? '')) return test;
  const skip: unknown = (name: string, ...rest: unknown[]) =>
    (test.skip as unknown as (...args: unknown[]) => void)(`${name} (${why})`, ...rest);
  return skip as TestAPI; // called as test(name, …) only
}

function missing(runner: OwnRunner): string | undefined {
  if (runner === 'prism') {
    return existsSync(prismProgram(millraceHome())) ? undefined : 'Prism missing: npx millrace get prism';
  }
  if (findTool('java') === undefined) return 'java missing';
  return existsSync(flinkLib(millraceHome())) ? undefined : 'Flink missing: npx millrace get flink';
}
