import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { flinkLib, prismProgram } from 'millrace/runners';
import { test, type TestAPI } from 'vitest';
import { ROOT } from './repository.ts';

/** System tools that no package registry gives us: where they are looked for, and the variable that names another. */
const TOOLS = {
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], variable: 'CHROMIUM' },
  go: { programs: ['go'], variable: 'GO' },
  java: { programs: ['java'], variable: 'JAVA' },
} as const;

/** What is fetched on demand: where it is then, and how it is fetched. */
const FETCHED = {
  prism: { place: () => prismProgram(), how: 'npx millrace get prism' },
  flink: { place: () => flinkLib(), how: 'npx millrace get flink' },
  peers: {
    place: () => path.join(ROOT, '.venv-peers/bin/python'),
    how: 'node scripts/setup.mjs --with-peers',
  },
} as const;

/** A tool that a test may need beside Node, Python and what set-up installs. */
export type Tool = keyof typeof TOOLS | keyof typeof FETCHED;

/** Returns the path of a tool's program; undefined if the machine has none. */
export function findTool(tool: Tool): string | undefined {
  if (tool in FETCHED) {
    const place = FETCHED[tool as keyof typeof FETCHED].place(); // as the line above says
    return existsSync(place) ? place : undefined;
  }
  const { programs, variable } = TOOLS[tool as keyof typeof TOOLS]; // it is the one or the other
  const named = process.env[variable];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return programs.flatMap((program) => folders.map((folder) => path.join(folder, program))).find(isProgram);
}

/**
 * Returns vitest's `test` for tests that need system tools.
 *
 * Where one is missing, its tests are skipped, and the reason stands in their names; with CI=true they fail, so that
 * a machine that was set up wrongly is not taken for a green one.
 */
export function testNeeding(...tools: readonly Tool[]): TestAPI {
  const missing = tools.filter((tool) => findTool(tool) === undefined);
  if (missing.length === 0) return test;
  const why = missing.map(describe).join(' and ');
  if (!isContinuousIntegration()) return renamed(test.skip as TestAPI, why);
  const fails: unknown = (name: string) =>
    test(`${name} (${why})`, () => {
      throw new RangeError(`Cannot run as CI=true must have every tool: ${why}`);
    });
  return fails as TestAPI; // called as test(name, …) only: the body does not matter
}

function describe(tool: Tool): string {
  const how = tool in FETCHED ? `: ${FETCHED[tool as keyof typeof FETCHED].how}` : '';
  return `${tool} missing${how}`;
}

function renamed(skip: TestAPI, why: string): TestAPI {
  const skips: unknown = (name: string, ...rest: unknown[]) =>
    (skip as unknown as (...args: unknown[]) => void)(`${name} (${why})`, ...rest);
  return skips as TestAPI; // called as test(name, …) only
}

function isContinuousIntegration(): boolean {
  const { CI } = process.env;
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}
