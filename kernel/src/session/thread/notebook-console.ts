import { Console } from 'node:console';
import { ConsoleStream } from './ring-stream.ts';

/**
 * Makes `console` print to the process's streams, as text without colours.
 *
 * It stays the very object that packages hold, but is no longer wrapped for the inspector, which would keep all that
 * is printed.
 *
 * @returns Closes the groups that a cell left open.
 */
export function installConsole(): () => void {
  const plain = new Console({
    stdout: new ConsoleStream('stdout'),
    stderr: new ConsoleStream('stderr'),
    colorMode: false,
  });
  let depth = 0;
  const group = (...label: unknown[]): void => {
    depth += 1;
    plain.group(...label);
  };
  const groupEnd = (): void => {
    depth = Math.max(0, depth - 1);
    plain.groupEnd();
  };
  Object.assign(console, plain, { group, groupCollapsed: group, groupEnd });
  return () => {
    while (depth > 0) groupEnd();
  };
}
