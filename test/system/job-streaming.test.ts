import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { flinkUp } from '../../runtime/src/runners/flink.ts';
import { answerIn, isAlive, startJobProgram, workerInTheMiddle } from '../support/job-program.ts';
import { ownRunners, testOn } from '../support/own-runners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const own = ownRunners('flink');

const COUNT = 600;
/** 100 ms after another, so that the stream takes 10 seconds. */
const BATCH = 6;

/** What the panes are: of 10 elements a window, one key has 4 and the others 3. */
const PANES = Array.from({ length: COUNT / 10 }, (_, window) =>
  [0, 1, 2].map((key) => {
    const [start, end] = [window * 10, window * 10 + 10];
    const count = Array.from({ length: 10 }, (__, n) => start + n).filter((n) => n % 3 === key).length;
    return `${key} [${start * 1000}, ${end * 1000}) ${count} @${end * 1000 - 1} onTime 0`;
  }),
)
  .flat()
  .sort();

/** Starts the stream as a job with a checkpoint every half second. */
async function startStream() {
  const folder = await temporaryFolder();
  const program = startJobProgram({
    home: own.home,
    folder,
    options: { runner: 'flink', parallelism: 1, pipelineOptions: { checkpointingInterval: 500 } },
    pipeline: 'panes',
    parameters: { count: COUNT, batch: BATCH },
  });
  await program.submitted();
  return { folder, program };
}

function panesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^pane-[\d-]+$/.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .sort();
}

/** How often the source was begun to be read. */
function startsIn(folder: string): number {
  return readdirSync(folder).filter((name) => name.startsWith('start-')).length;
}

/** Waits until the whole stream was written: a job with checkpoints waits then for more to come. */
async function allWritten(folder: string): Promise<void> {
  const whole = () => Promise.resolve(answerIn(folder).length >= PANES.length);
  await until(whole, { what: 'the stream was written', timeoutMs: 120_000 });
}

testOn('flink')('a stream on Flink gives the panes of its windows', async () => {
  const { folder } = await startStream();
  await allWritten(folder);
  expect(panesIn(folder)).toEqual(PANES);
  expect(answerIn(folder)).toEqual(PANES);
  expect(startsIn(folder)).toBe(1);
});

testOn('flink')(
  'a stream on Flink gives the same panes where a TaskManager is killed on the way: it goes on from a checkpoint',
  async () => {
    const { folder } = await startStream();
    const worker = await workerInTheMiddle(folder);
    await until(() => Promise.resolve(panesIn(folder).length >= PANES.length / 4), {
      what: 'a quarter of the panes are there',
      timeoutMs: 60_000,
    });
    process.kill(worker.parent, 'SIGKILL');
    await until(() => Promise.resolve(!isAlive(worker.pid)), {
      what: 'the worker ends with its TaskManager',
      timeoutMs: 60_000,
    });
    expect(panesIn(folder).length).toBeLessThan(PANES.length);
    await flinkUp({ home: own.home });
    const next = await workerInTheMiddle(folder, { besides: [worker.pid] });
    expect(next.parent).not.toBe(worker.parent);
    await allWritten(folder);
    expect(panesIn(folder)).toEqual(PANES);
    expect(answerIn(folder)).toEqual(PANES);
    // Not begun again: what was read before the last checkpoint was not read once more.
    expect(startsIn(folder)).toBe(1);
  },
);
