import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, type TestAPI } from 'vitest';
import { flinkDown, flinkUp } from '../../runtime/src/runners/flink.ts';
import { flinkLib } from '../../runtime/src/runners/get-flink.ts';
import { prismProgram } from '../../runtime/src/runners/get-prism.ts';
import { millraceHome } from '../../runtime/src/runners/home.ts';
import { startPrism, stopPrism } from '../../runtime/src/runners/prism.ts';
import { findTool, testNeeding } from './tools.ts';

const NEEDS = { prism: ['prism'], flink: ['java', 'flink'] } as const;

/** The runners that jobs are tested on. */
export type OwnRunner = keyof typeof NEEDS;

/**
 * Starts a Prism and a Flink cluster for all tests of a file, in a home of their own, and ends them after these.
 *
 * @returns the home: MILLRACE_HOME of programs that the tests start. It is there when the first test begins.
 */
export function ownRunners(...runners: readonly OwnRunner[]): { readonly home: string } {
  const own = { home: '' };
  const there = runners.filter((runner) => NEEDS[runner].every((tool) => findTool(tool) !== undefined));
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

/** vitest's `test` for tests that run jobs on a runner; see testNeeding for where it was not fetched. */
export function testOn(runner: OwnRunner): TestAPI {
  return testNeeding(...NEEDS[runner]);
}
