import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { ROOT } from './repository.ts';
import { runProgram } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Runs a script that has `beam`, `ib` and `runners`, as built, and a home of its own.
 *
 * @returns the JSON that it prints last.
 */
export async function promotingScript(source: string, home: string): Promise<unknown> {
  const folder = await temporaryFolder();
  const head = `
    import { createRequire } from 'node:module';
    const require = createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
    const beam = await import(require.resolve('millrace'));
    const ib = await import(require.resolve('millrace/interactive'));
    const runners = await import(require.resolve('millrace/runners'));
  `;
  await writeFile(path.join(folder, 'script.mjs'), head + source);
  const { code, stdout, stderr } = await runProgram(process.execPath, ['script.mjs'], {
    cwd: folder,
    env: { MILLRACE_HOME: home, MILLRACE_CACHE: path.join(folder, 'cache') },
  });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
