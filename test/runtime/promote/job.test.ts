import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { InterruptedError } from '../../../runtime/src/errors.ts';
import { JobClient } from '../../../runtime/src/portable/job/job-client.ts';
import { Job } from '../../../runtime/src/promote/job.ts';
import { JobState_Enum as State } from '../../../runtime/src/proto/job-api.ts';
import { startJobService } from '../../support/job-service.ts';

/** A job that never ends. */
async function endlessJob(): Promise<Job> {
  const running = { state: State.RUNNING };
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const { url } = await startJobService({
    unary: { getState: () => running, getJobMetrics: () => ({ metrics: {} }) },
    streams: {
      async *getStateStream() {
        yield running;
        await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
      },
      getMessageStream: () => [],
    },
  });
  const client = await JobClient.connect({ url });
  onTestFinished(() => client.close());
  const graph = undefined;
  const close = () => Promise.resolve();
  return new Job({ client, id: 'j1', name: 'endless', runner: 'prism', graph, state: 'RUNNING', close });
}

/** Has garbage collected all the time until the test ends. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // what the flag adds to new contexts
  const collecting = setInterval(collect, 10);
  onTestFinished(() => clearInterval(collecting));
}

test('wait() gives up when its time is over, also where garbage is collected meanwhile', async () => {
  const job = await endlessJob();
  collectGarbage();
  const waiting = job.wait({ timeoutMs: 300 });
  await expect(waiting).rejects.toThrow(InterruptedError);
  await expect(waiting).rejects.toThrow('the job goes on: j1');
  expect(job.state).toBe('RUNNING');
});

test('wait() gives up when its signal is aborted, and at once if it was before', async () => {
  const job = await endlessJob();
  const stop = new AbortController();
  const waiting = job.wait({ signal: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toThrow(InterruptedError);
  await expect(job.wait({ signal: stop.signal })).rejects.toThrow(InterruptedError);
});
