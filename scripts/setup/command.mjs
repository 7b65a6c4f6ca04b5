import { spawn } from 'node:child_process';

/** A command of a set-up step failed. `output` is all that it printed. */
export class CommandError extends Error {
  /**
   * @param {string} command
   * @param {string} how
   * @param {string} output
   */
  constructor(command, how, output) {
    super(`${command} ${how}`);
    this.name = 'CommandError';
    this.output = output;
  }
}

/** How a process ended that a signal ended, as shells count it. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Makes Ctrl-C and SIGTERM end the running command and everything that it started, and then us. */
export function endChildrenOnSignals() {
  /** @param {keyof typeof EXIT_CODES} signal */
  const end = (signal) => {
    for (const child of running) killGroup(child, 'SIGTERM');
    if (running.size === 0) process.exit(EXIT_CODES[signal]);
    process.exitCode = EXIT_CODES[signal];
    setTimeout(() => {
      for (const child of running) killGroup(child, 'SIGKILL');
      process.exit(EXIT_CODES[signal]);
    }, 2_000).unref();
    void Promise.all([...running].map((child) => new Promise((done) => child.once('close', done)))).then(() =>
      process.exit(EXIT_CODES[signal]),
    );
  };
  const signals = /** @type {(keyof typeof EXIT_CODES)[]} */ (Object.keys(EXIT_CODES));
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

/**
 * Runs a command without a standard input, and returns what it wrote to standard output.
 *
 * It gets a process group of its own, so that ending it ends what it started too.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>}
 * @throws {CommandError} if it cannot start, or ends with another exit code than 0.
 */
export function runCommand(command, args, { cwd = process.cwd(), env = process.env } = {}) {
  const name = [command, ...args]
    .map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word))
    .join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(child);
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      all += text;
    });
    child.once('error', (error) => {
      running.delete(child);
      reject(new CommandError(name, `did not start: ${error.message}`, all));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(stdout);
      else
        reject(
          new CommandError(
            name,
            signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`,
            all,
          ),
        );
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
