import { execFileSync } from 'node:child_process';
import { KernelspecError } from './kernelspec-error.ts';

/**
 * The prefix of the active Python environment, as Jupyter's `--sys-prefix` means it.
 *
 * @param env Its VIRTUAL_ENV or CONDA_PREFIX names an active environment; else the first Python on the path is asked.
 * @throws {KernelspecError} if there is no Python.
 */
export function sysPrefix(env: Readonly<Record<string, string | undefined>>): string {
  const active = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  if (active !== undefined && active !== '') return active;
  for (const python of ['python3', 'python']) {
    try {
      return execFileSync(python, ['-c', 'import sys; print(sys.prefix)'], {
        encoding: 'utf8',
        env: { ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 20_000,
      }).trim();
    } catch {
      continue; // not there under this name
    }
  }
  throw new KernelspecError(
    'Cannot install with --sys-prefix as a Python must be active: found none; use --user or --prefix DIR',
  );
}
