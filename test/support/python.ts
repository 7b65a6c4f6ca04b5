import path from 'node:path';
import { PYTHON, ROOT } from './repository.ts';
import { runProgram, type ProgramOptions } from './run-program.ts';

/**
 * Runs a script of test/support with the clone's Python, and returns what it printed on its last line, as JSON.
 *
 * @throws {RangeError} with all that it printed, if it fails.
 */
export async function runPython(
  script: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<unknown> {
  const file = path.join(ROOT, 'test/support', script);
  const { code, stdout, stderr } = await runProgram(PYTHON, [file, ...args], options);
  if (code !== 0) {
    throw new RangeError(
      `Cannot go on as ${script} must end well: received exit code ${code}\n${stdout}\n${stderr}`,
    );
  }
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as unknown;
}
