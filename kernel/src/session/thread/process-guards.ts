import { Readable } from 'node:stream';

/** Thrown by `process.exit()`: it ends the cell, and nothing else. */
export class ProcessExit extends Error {
  override readonly name = 'ProcessExit';

  constructor(code: string | number | null | undefined) {
    super(`process.exit(${code ?? ''}) ended the cell; the kernel goes on, and variables are kept`);
  }
}

/** Thrown where a cell asks the user for input. */
export class StdinError extends Error {
  override readonly name = 'StdinError';

  constructor() {
    super('Cannot read from stdin as a notebook has none: stdin is not available');
  }
}

/** What guardProcess needs. */
export interface GuardOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** Ends the running cell, if one runs, with an error that no one can throw in it. */
  readonly fail: (error: Error) => void;
}

/** Replaces what a notebook has no use for: exit, chdir and stdin of the process. */
export function guardProcess({ directory, fail }: GuardOptions): void {
  const exit = (code?: string | number | null): never => {
    const error = new ProcessExit(code);
    fail(error);
    throw error;
  };
  const chdir = (): never => {
    throw new TypeError(
      `Cannot change the working directory as it must be the notebook's folder: give full paths, or join them to ${directory}`,
    );
  };
  const stdin = new Readable({
    read() {
      const error = new StdinError();
      fail(error);
      this.push(null);
    },
  });
  Object.defineProperties(process, {
    exit: { value: exit, configurable: true, writable: true },
    reallyExit: { value: exit, configurable: true, writable: true },
    chdir: { value: chdir, configurable: true, writable: true },
    cwd: { value: () => directory, configurable: true, writable: true },
    stdin: { get: () => stdin, configurable: true },
  });
}
