import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { PipelineError } from '../errors.ts';

/**
 * Finds a program as a shell would.
 *
 * @returns undefined if no folder of `PATH` has it.
 */
export function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (folder !== '' && isProgram(file)) return file;
    }
  }
  return undefined;
}

/** Finds a program, or says what it is needed for and how to get it. */
export function requireProgram(
  name: string,
  {
    action,
    hint,
    env,
  }: {
    /** What is tried: "fetch Prism". */
    readonly action: string;
    readonly hint: string;
    readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  },
): string {
  const program = findProgram(name, env);
  if (program !== undefined) return program;
  throw new PipelineError(`Cannot ${action} as "${name}" must be installed: received a PATH without it`, {
    hint,
  });
}

/** Whether a file is there and can be started. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
