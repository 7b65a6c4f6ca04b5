import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { ScriptedRunner } from '../support/scripted-runner.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const WORKER = path.join(ROOT, 'runtime/bin/millrace-worker.mjs');

/** Starts a worker's process for a scripted runner, and waits for its control stream. */
async function start(args: readonly string[] = []) {
  const runner = await ScriptedRunner.start();
  const folder = await temporaryFolder();
  const child = spawn(
    process.execPath,
    [
      WORKER,
      "--id='job[1]_node'",
      `--provision_endpoint=${runner.url}`,
      `--semi_persist_dir=${folder}`,
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await runner.connected();
  return { runner, child };
}

const exitCode = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null; // a child's first argument

test('millrace-worker ends with code 0, when the runner closes the control stream', async () => {
  const { runner, child } = await start();
  expect([...runner.workerIds]).toEqual(['job[1]_node']);
  const code = exitCode(child);
  runner.endControl();
  expect(await code).toBe(0);
});

test('millrace-worker ends with code 0, when the runner is gone', async () => {
  const { runner, child } = await start();
  const code = exitCode(child);
  await runner.cut();
  expect(await code).toBe(0);
});

test('millrace-worker ends with code 0, when it is told to by a signal', async () => {
  const { child } = await start();
  const code = exitCode(child);
  child.kill('SIGTERM');
  expect(await code).toBe(0);
});

test('millrace-worker runs bundles in real bundle threads, and tells why one cannot be run', async () => {
  const { runner } = await start();
  const response = await runner.instruct('b1', {
    case: 'processBundle',
    value: { processBundleDescriptorId: 'no coders' },
  });
  expect(response.error).not.toBe('');
  expect(response.error).not.toContain('thread ended');
});

test('millrace-worker ends with its parent, when it is told to watch it', async () => {
  const runner = await ScriptedRunner.start();
  const args = [WORKER, '--id=1', `--provision_endpoint=${runner.url}`, '--watch_parent'];
  const parent = spawn(process.execPath, [
    '-e',
    `const c = require('child_process').spawn(process.execPath, ${JSON.stringify(args)}); console.log(c.pid); setInterval(() => 0, 1000)`,
  ]);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [text] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(text.toString());
  await runner.connected();
  parent.kill('SIGKILL');
  await until(() => Promise.resolve(isGone(pid)), { what: 'the worker has ended' });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test('millrace-worker ends with code 2 and says why, when its command line is wrong', async () => {
  const { code, stderr } = await runProgram(process.execPath, [WORKER, '--id=1']);
  expect(code).toBe(2);
  expect(stderr).toContain('received neither --provision_endpoint nor --control_endpoint');
});

test('millrace-worker ends with code 1 and says why, when the runner asks for what it cannot do', async () => {
  const authentication = { urn: 'beam:authentication:oauth2:v1' };
  const runner = await ScriptedRunner.start({
    info: { controlEndpoint: { url: `localhost:${await freePort()}`, authentication } as never }, // of a proto, but plain
  });
  const args = [WORKER, '--id=1', `--provision_endpoint=${runner.url}`];
  const { code, stderr } = await runProgram(process.execPath, args);
  expect(code).toBe(1);
  expect(stderr).toContain('received the authentication beam:authentication:oauth2:v1');
});
