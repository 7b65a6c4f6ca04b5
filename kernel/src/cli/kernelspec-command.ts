import { resolve } from 'node:path';
import { KernelspecError } from '../kernelspec/kernelspec-error.ts';
import {
  installKernelspec,
  kernelspecDirectory,
  uninstallKernelspec,
  type KernelspecTarget,
} from '../kernelspec/kernelspec.ts';

/** `millrace install`; gives the exit code. */
export function installCommand(target: KernelspecTarget): number {
  return reporting(() => {
    const directory = resolve(kernelspecDirectory(target));
    installKernelspec(directory);
    return `Installed the kernel "TypeScript (Millrace)" in ${directory}`;
  });
}

/** `millrace uninstall`; gives the exit code. Nothing to remove is no error. */
export function uninstallCommand(target: KernelspecTarget): number {
  return reporting(() => {
    const directory = resolve(kernelspecDirectory(target));
    return uninstallKernelspec(directory)
      ? `Removed the kernel from ${directory}`
      : `Nothing to remove: there is no kernel in ${directory}`;
  });
}

function reporting(command: () => string): number {
  try {
    console.log(command());
    return 0;
  } catch (error) {
    if (!(error instanceof KernelspecError)) throw error;
    console.error(error.message);
    return 1;
  }
}
