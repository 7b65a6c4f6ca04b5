import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { lessonFolder } from '../support/lesson-folder.ts';
import { ROOT } from '../support/repository.ts';
import { killGroup, runProgram } from '../support/run-program.ts';
import { until } from '../support/until.ts';

test('setup.mjs has nothing left to do after it ran', async () => {
  const { code, stderr } = await runProgram(process.execPath, [path.join(ROOT, 'scripts/setup.mjs')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'Everything is up to date\n' });
});

test('setup.mjs says what is missing where no Python is new enough', async () => {
  const lookUp = `
    import { jupyterLab } from ${JSON.stringify(path.join(ROOT, 'scripts/setup/python.mjs'))};
    await jupyterLab(process.cwd(), { ...process.env, PYTHON: '/nowhere/python' }).run(undefined)
      .catch((error) => console.log(error.message));`;
  const { notebooks } = await lessonFolder();
  const { stdout } = await runProgram(process.execPath, ['--input-type=module', '--eval', lookUp], {
    cwd: notebooks,
  });
  expect(stdout).toContain('needs Python 3.10 or later');
  expect(stdout).toContain('/nowhere/python');
});

/** Starts what `npm start` starts, with Jupyter folders of the test's own, and waits until it answers. */
async function start() {
  const { env } = await lessonFolder();
  const port = await freePort();
  const args = ['--no-browser', `--port=${port}`, '--IdentityProvider.token=t'];
  const program = spawn(process.execPath, [path.join(ROOT, 'scripts/start.mjs'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let log = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  onTestFinished(() => killGroup(program.pid, 'SIGKILL')); // JupyterLab then loses its leash
  const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
  const request = async (api: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return await (await fetch(`http://127.0.0.1:${port}/api/${api}?token=t`, init)).json();
  };
  const answersOrEnded = async () => program.exitCode !== null || (await request('status')) !== undefined;
  await until(answersOrEnded, { what: 'npm start answers', timeoutMs: 60_000 });
  expect(program.exitCode, log).toBeNull();
  return { program, ended, request, runtime: env.JUPYTER_RUNTIME_DIR ?? '' };
}

/** The command lines of all processes that mention `word`. */
async function processesWith(word: string): Promise<readonly string[]> {
  const { stdout } = await runProgram('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes(word));
}

test('start.mjs offers the kernel, and lists the lessons', async () => {
  const { request } = await start();
  expect(await request('kernelspecs')).toMatchObject({
    kernelspecs: { millrace: { spec: { display_name: 'TypeScript (Millrace)', language: 'typescript' } } },
  });
  expect(await request('contents')).toMatchObject({
    content: expect.arrayContaining([expect.objectContaining({ name: '01-word-count.ipynb' })]) as unknown,
  });
});

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'start.mjs ends JupyterLab and its kernels on %s, with exit code 0',
  async (signal) => {
    const { program, ended, request, runtime } = await start();
    await request('kernels', { name: 'python3' });
    await until(async () => (await processesWith(`${runtime}/kernel-`)).length > 0, {
      what: 'the kernel runs',
    });
    program.kill(signal);
    expect(await ended).toBe(0);
    expect(await processesWith(runtime)).toEqual([]);
  },
);

test('JupyterLab and its kernels end by themselves when start.mjs was killed', async () => {
  const { program, request, runtime } = await start();
  await request('kernels', { name: 'python3' });
  await until(async () => (await processesWith(`${runtime}/kernel-`)).length > 0, {
    what: 'the kernel runs',
  });
  program.kill('SIGKILL');
  await until(async () => (await processesWith(runtime)).length === 0, {
    what: 'nothing is left',
    timeoutMs: 20_000,
  });
});
