import { describe, expect } from 'vitest';
import { flinkStatus, flinkUp } from '../../runtime/src/runners/flink.ts';
import { answerIn, isAlive, letGoOn, startJobProgram, workerInTheMiddle } from '../support/job-program.ts';
import { ownRunners, testOn, type OwnRunner } from '../support/own-runners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const own = ownRunners('prism', 'flink');

// Digit d ends d, d + 10 … d + 990; the sum of (d + 10 j)² over j = 0 … 99 is 100 d² + 20 d Σj + 100 Σj².
const SQUARES = Array.from({ length: 10 }, (_, d) => `${d} ${100 * d ** 2 + 20 * d * 4950 + 100 * 328_350}`);

/** Starts a job that stops in the middle of a bundle, and waits until it is there. */
async function startInterrupted(runner: OwnRunner, { timeoutMs = 90_000 } = {}) {
  const folder = await temporaryFolder();
  const { home } = own;
  const options = { runner };
  const program = startJobProgram({
    home,
    folder,
    options,
    pipeline: 'interrupted',
    parameters: { count: 1000 },
    timeoutMs,
  });
  const { id } = await program.submitted();
  const worker = await workerInTheMiddle(folder);
  const found = () => startJobProgram({ home, folder, options, reconnect: id, timeoutMs: 90_000 });
  return { folder, program, worker, id, found };
}

/** Kills a process of the cluster, and waits until it has gone. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(() => Promise.resolve(!isAlive(pid)), { what: `process ${pid} has ended` });
}

testOn('flink')('a job on Flink ends well after its worker was killed in mid-bundle', async () => {
  const { folder, program, worker } = await startInterrupted('flink');
  await kill(worker.pid);
  const next = await workerInTheMiddle(folder, { besides: [worker.pid] });
  expect(isAlive(next.pid)).toBe(true);
  letGoOn(folder);
  expect(await program.ended()).toMatchObject({ state: 'DONE' });
  expect(answerIn(folder)).toEqual(SQUARES);
});

// Prism 2.77 fails a lost worker's bundles or forgets them, as chance has it (Control in its worker.go, where a select
// has two cases that come true at once): a job whose bundles are forgotten stays RUNNING, and waiting for it is given up.
testOn('prism')(
  'a job on Prism fails with a clear error, or goes on for ever, after its worker was killed',
  async () => {
    const { folder, program, worker } = await startInterrupted('prism', { timeoutMs: 15_000 });
    await kill(worker.pid);
    expect((await program.ended()).failed?.message).toMatch(
      /worker whose process ended in the middle of its work|the job goes on/,
    );
    expect(answerIn(folder)).toEqual([]);
  },
);

testOn('flink')('a job on Flink goes on with a new TaskManager after one was killed', async () => {
  const { home } = own;
  const { folder, program, worker } = await startInterrupted('flink');
  const before = (await flinkStatus({ home }))?.runner.processes ?? [];
  expect(before.find(({ pid }) => pid === worker.parent)?.role).toBe('task-manager');
  await kill(worker.parent);
  await until(() => Promise.resolve(!isAlive(worker.pid)), { what: 'the worker ends with its TaskManager' });
  const { processes } = await flinkUp({ home });
  expect(processes.filter(({ role }) => role === 'task-manager')).toHaveLength(2);
  await workerInTheMiddle(folder, { besides: [worker.pid] });
  letGoOn(folder);
  expect(await program.ended()).toMatchObject({ state: 'DONE' });
  expect(answerIn(folder)).toEqual(SQUARES);
});

testOn('flink')('a job on Flink goes on while its job server is started anew', async () => {
  const { home } = own;
  const { folder, program, id, found } = await startInterrupted('flink');
  const { processes } = (await flinkStatus({ home }))?.runner ?? { processes: [] };
  const [server] = processes.filter(({ role }) => role === 'job-server');
  await kill(server?.pid ?? 0);
  await flinkUp({ home });
  const second = found(); // the new job server has never heard of it
  expect(await second.submitted()).toMatchObject({ id, state: 'RUNNING' });
  letGoOn(folder);
  expect(await program.ended()).toMatchObject({ state: 'DONE' });
  expect(await second.ended()).toMatchObject({ state: 'DONE' });
  expect(answerIn(folder)).toEqual(SQUARES);
});

describe.each(['prism', 'flink'] as const)('a job on %s', (runner) => {
  testOn(runner)('goes on when the notebook is closed, and is found again by its id', async () => {
    const { folder, program, worker, found } = await startInterrupted(runner);
    await program.kill();
    const second = found();
    expect(await second.submitted()).toMatchObject({ state: 'RUNNING' });
    expect(isAlive(worker.pid)).toBe(true);
    letGoOn(folder);
    expect(await second.ended()).toMatchObject({ state: 'DONE' });
    expect(answerIn(folder)).toEqual(SQUARES);
  });
});

testOn('flink')(
  'a worker whose DoFn is slow, and that makes more than it can send, stays small',
  async () => {
    const folder = await temporaryFolder();
    const count = 500;
    const program = startJobProgram({
      home: own.home,
      folder,
      options: { runner: 'flink' },
      pipeline: 'slow',
      parameters: { count, bytes: 1_000_000 },
    });
    expect(await program.ended()).toMatchObject({ state: 'DONE' });
    const [taken, madeMb, takenMb] = (answerIn(folder)[0] ?? '').match(/\d+/g)?.map(Number) ?? [];
    expect(taken).toBe(count * 1_000_000);
    // 500 MB went out in messages of at most 16 MB, two of them and copies at once, and came in again bit by bit.
    expect(madeMb).toBeLessThan(1000);
    expect((takenMb ?? Infinity) - (madeMb ?? 0)).toBeLessThan(150);
  },
);
