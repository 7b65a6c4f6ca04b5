import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { PYTHON } from './repository.ts';
import { killGroup } from './run-program.ts';
import { until } from './until.ts';

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
  const args = [
    '--no-browser',
    '--allow-root',
    `--port=${port}`,
    '--ServerApp.port_retries=0',
    `--IdentityProvider.token=${token}`,
    '--LabApp.expose_app_in_browser=True',
  ];
  const server = spawn(PYTHON, ['-m', 'jupyterlab', ...args], {
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
  try {
    const isUp = async () => server.exitCode !== null || (await fetch(`${url}/api/status?token=${token}`)).ok;
    await until(isUp, { what: 'JupyterLab answers', timeoutMs: 60_000 });
  } catch (error) {
    throw new RangeError(`Cannot go on as JupyterLab must answer: received\n${log}`, { cause: error });
  }
  if (server.exitCode !== null)
    throw new RangeError(`Cannot go on as JupyterLab must not end: received\n${log}`);
  return { url, token, log: () => log };
}
