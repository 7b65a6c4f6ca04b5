import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { currentEnvironment } from '../kernel/user-state.ts';
import { errorMessage } from '../wire/error-message.ts';
import { prefixDataDirectory, userDataDirectory } from './jupyter-paths.ts';
import { KernelspecError } from './kernelspec-error.ts';
import { sysPrefix } from './sys-prefix.ts';

/** The kernel's name, for `jupyter console --kernel millrace` and in notebooks. */
export const KERNEL_NAME = 'millrace';

/** The logos lie beside the sources; dist/kernelspec and src/kernelspec both find them there. */
const LOGOS = fileURLToPath(new URL('../../src/kernelspec/logo/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../bin/millrace.mjs', import.meta.url));

/** Where to install: exactly one of the three. */
export type KernelspecTarget =
  | { readonly kind: 'user' }
  | { readonly kind: 'sys-prefix' }
  | { readonly kind: 'prefix'; readonly directory: string };

/** The content of kernel.json. */
export function kernelJson(): Readonly<Record<string, unknown>> {
  return {
    argv: [process.execPath, PROGRAM, 'kernel', '{connection_file}'],
    display_name: 'TypeScript (Millrace)',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
}

/** The folder that the kernelspec has, or would have, under `target`. */
export function kernelspecDirectory(target: KernelspecTarget): string {
  const environment = currentEnvironment();
  return join(dataDirectory(), 'kernels', KERNEL_NAME);

  function dataDirectory(): string {
    switch (target.kind) {
      case 'user':
        return userDataDirectory(environment);
      case 'sys-prefix':
        return prefixDataDirectory(sysPrefix(environment.env));
      case 'prefix':
        return prefixDataDirectory(target.directory);
    }
  }
}

/**
 * Writes the kernelspec to `directory`, in place of one that is there; Jupyter never sees half of it.
 *
 * @throws {KernelspecError} if the folder cannot be written.
 */
export function installKernelspec(directory: string): void {
  const parent = join(directory, '..');
  let staged: string | undefined;
  try {
    mkdirSync(parent, { recursive: true });
    staged = mkdtempSync(join(parent, `.${KERNEL_NAME}-`));
    // mkdtemp makes it private; the others on a shared prefix must be able to read it.
    chmodSync(staged, 0o755);
    writeFileSync(join(staged, 'kernel.json'), `${JSON.stringify(kernelJson(), undefined, 2)}\n`);
    for (const logo of readdirSync(LOGOS).filter((name) => name.startsWith('logo-'))) {
      cpSync(join(LOGOS, logo), join(staged, logo));
    }
    rmSync(directory, { recursive: true, force: true });
    renameSync(staged, directory);
  } catch (error) {
    if (staged !== undefined) rmSync(staged, { recursive: true, force: true });
    throw new KernelspecError(
      `Cannot install the kernelspec as ${parent} must be a folder that you can write to: ${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/**
 * Removes the kernelspec from `directory`.
 *
 * @returns false if there was none.
 * @throws {KernelspecError} if it cannot be removed.
 */
export function uninstallKernelspec(directory: string): boolean {
  if (!existsSync(directory)) return false;
  try {
    rmSync(directory, { recursive: true });
    return true;
  } catch (error) {
    throw new KernelspecError(`Cannot remove the kernelspec in ${directory}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}
