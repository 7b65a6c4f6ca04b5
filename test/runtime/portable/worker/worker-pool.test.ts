import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ServiceClient } from '../../../../runtime/src/portable/grpc/service-client.ts';
import { startWorkerPool } from '../../../../runtime/src/portable/worker/worker-pool.ts';
import { BeamFnExternalWorkerPool } from '../../../../runtime/src/proto/fn-api.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

/** Starts a pool whose workers write their arguments to a file, and then live until they are told to end. */
async function setUp(body = 'setInterval(() => undefined, 1000);') {
  const folder = await temporaryFolder();
  const script = path.join(folder, 'worker.mjs');
  await writeFile(script, body);
  const lines: string[] = [];
  const pool = await startWorkerPool({ script, threads: 3, log: (line) => lines.push(line) });
  onTestFinished(() => pool.close());
  // grpc-js shares a connection among clients of one URL: another spelling is another runner.
  const runner = (host = 'localhost') => {
    const client = new ServiceClient(BeamFnExternalWorkerPool, { url: pool.url.replace('localhost', host) });
    onTestFinished(() => client.close());
    return client;
  };
  return { pool, runner, lines };
}

const request = (workerId: string) => ({
  workerId,
  controlEndpoint: { url: 'localhost:1' },
  provisionEndpoint: { url: 'localhost:2' },
});

const isAlive = (pid: number | undefined) => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

test('startWorkerPool() starts a process when a runner asks for a worker, and ends it when it is told to', async () => {
  const { pool, runner } = await setUp();
  const client = runner();
  expect(await client.unary('startWorker', request('1-1'))).toMatchObject({ error: '' });
  const [worker] = pool.workers;
  expect(worker?.id).toBe('1-1');
  expect(isAlive(worker?.pid)).toBe(true);
  expect(await client.unary('stopWorker', { workerId: '1-1' })).toMatchObject({ error: '' });
  expect(isAlive(worker?.pid)).toBe(false);
  expect(pool.workers).toEqual([]);
});

test("startWorkerPool() gives a worker the runner's endpoints, in Beam's flags", async () => {
  const { runner, lines } = await setUp(
    'process.exit(process.argv.includes("--provision_endpoint=localhost:2") && process.argv.includes("--control_endpoint=localhost:1") && process.argv.includes("--threads=3") ? 7 : 8)',
  );
  await runner().unary('startWorker', request('1-1'));
  await until(() => Promise.resolve(lines.length === 2), { what: 'the worker has ended' });
  expect(lines[1]).toMatch(/^Worker 1-1 .* ended: exit code 7$/);
});

test('startWorkerPool() tells workers of one id apart by the runner that asked for them', async () => {
  const { pool, runner } = await setUp();
  const [first, second, third] = [runner(), runner('127.0.0.1'), runner('dns:///localhost')];
  await first.unary('startWorker', request('1-1'));
  await second.unary('startWorker', { ...request('1-1'), controlEndpoint: { url: 'localhost:3' } });
  const [one, two] = pool.workers;
  await third.unary('stopWorker', { workerId: '1-1' });
  expect([one, two].map((worker) => isAlive(worker?.pid))).toEqual([true, true]);
  await second.unary('stopWorker', { workerId: '1-1' });
  expect([one, two].map((worker) => isAlive(worker?.pid))).toEqual([true, false]);
});

test('startWorkerPool() refuses an endpoint that asks for authentication', async () => {
  const { pool, runner } = await setUp();
  const controlEndpoint = { url: 'localhost:1', authentication: { urn: 'beam:authentication:oauth2:v1' } };
  const { error } = await runner().unary('startWorker', { workerId: '1-1', controlEndpoint });
  expect(error).toContain('received the authentication beam:authentication:oauth2:v1');
  expect(pool.workers).toEqual([]);
});

test('startWorkerPool() ends all workers when it is closed', async () => {
  const { pool, runner } = await setUp();
  const client = runner();
  for (const id of ['1-1', '1-2', '1-3']) await client.unary('startWorker', request(id));
  const pids = pool.workers.map(({ pid }) => pid);
  await pool.close();
  expect(pids.map(isAlive)).toEqual([false, false, false]);
});
