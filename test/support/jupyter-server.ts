import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { PYTHON } from './repository.ts';
import { killGroup } from './run-program.ts';

/** A JupyterLab of a test's own. */
export interface JupyterServer {
  /** "http://127.0.0.1:PORT", without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** All that it has printed so far. */
  log(): string;
}

/**
 * Starts JupyterLab on a free port, and waits until it answers. It and its kernels end with the test.
 *
 * @throws {RangeError} with what it printed, if it ends or does not answer within a minute.
 */
export async function startJupyterServer(options: {
  readonly notebooks: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<JupyterServer> {
  const port = await freePort();
  const token = 'test';
  const args = ['--no-browser', '--allow-root', `--port=${port}`, '--ServerApp.port_retries=0'];
  const server = spawn(PYTHON, ['-m', 'jupyterlab', ...args, `--IdentityProvider.token=${token}`], {
    cwd: options.notebooks,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  onTestFinished(async () => {
    server.kill('SIGTERM'); // it shuts its kernels down, which have process groups of their own
    const timer = setTimeout(() => killGroup(server.pid, 'SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  });

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${url}/api/status?token=${token}`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new RangeError(`Cannot go on as JupyterLab must answer within a minute: received\n${log}`);
    }
    await Promise.race([ended, nextTry()]);
  }
  return { url, token, log: () => log };
}

/** A port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new TypeError('Cannot find a free port');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Polling is the only way to know that a server of another project is up. */
function nextTry(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
