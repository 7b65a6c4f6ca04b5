import { expect, onTestFinished, test } from 'vitest';
import { JobClient } from '../../../runtime/src/portable/job/job-client.ts';
import { JobFollower } from '../../../runtime/src/promote/job-follower.ts';
import {
  JobMessage_MessageImportance as Importance,
  JobState_Enum as State,
} from '../../../runtime/src/proto/job-api.ts';
import { startJobService, type ScriptedJobService } from '../../support/job-service.ts';

async function follower(script: ScriptedJobService): Promise<JobFollower> {
  const { url } = await startJobService(script);
  const client = await JobClient.connect({ url });
  const followed = new JobFollower({ client, id: 'j1' });
  onTestFinished(() => followed.close());
  return followed;
}

const told = (text: string, importance = Importance.JOB_MESSAGE_BASIC) => ({
  response: { case: 'messageResponse', value: { messageText: text, importance } },
});
const counted = (payload: number) => ({
  metrics: {
    committed: [
      {
        urn: 'beam:metric:element_count:v1',
        type: 'beam:metrics:sum_int64:v1',
        labels: { PCOLLECTION: 'Create.main' },
        payload: new Uint8Array([payload]),
      },
    ],
  },
});

test('follow() gives the last state, with all that was told, and the last metrics', async () => {
  const job = await follower({
    streams: {
      getStateStream: () => [
        { state: State.STOPPED, timestamp: { seconds: 1n, nanos: 0 } },
        { state: State.RUNNING, timestamp: { seconds: 2n, nanos: 0 } },
        { state: State.FAILED, timestamp: { seconds: 3n, nanos: 0 } },
      ],
      getMessageStream: () => [told('starting'), told('it broke', Importance.JOB_MESSAGE_ERROR)],
    },
    unary: { getJobMetrics: () => counted(5) },
  });
  expect(await job.follow()).toBe('FAILED');
  expect(job.states).toEqual([
    { state: 'STOPPED', at: 1000 },
    { state: 'RUNNING', at: 2000 },
    { state: 'FAILED', at: 3000 },
  ]);
  expect(job.messages.map(({ text }) => text)).toEqual(['starting', 'it broke']);
  expect(job.metrics?.elements.get('Create.main')).toBe(5);
});

test('follow() does not go back to how the job began, when it knew that it runs', async () => {
  const job = await follower({
    streams: {
      getStateStream: () =>
        [State.STOPPED, State.STARTING, State.RUNNING, State.CANCELLING, State.CANCELLED].map((state) => ({
          state,
        })),
      getMessageStream: () => [],
    },
    unary: { getJobMetrics: () => counted(5) },
  });
  job.observe({ state: 'RUNNING', at: 1000 });
  expect(await job.follow()).toBe('CANCELLED');
  expect(job.states.map(({ state }) => state)).toEqual(['RUNNING', 'CANCELLING', 'CANCELLED']);
});

test('follow() opens broken streams again, and takes no message twice', async () => {
  let opened = 0;
  let read = 0;
  const job = await follower({
    streams: {
      // The first stream ends too early, as when a job server is restarted behind a proxy.
      getStateStream: () => [{ state: opened++ === 0 ? State.RUNNING : State.DONE }],
      getMessageStream: () => (read++ === 0 ? [told('one')] : [told('one'), told('two')]),
    },
    unary: { getJobMetrics: () => counted(1) },
  });
  expect(await job.follow()).toBe('DONE');
  expect(opened).toBe(2);
  expect(job.messages.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('follow() rejects when the job service does not know the job, and says so in its trouble', async () => {
  const unknown = (): never => {
    throw Object.assign(new Error('x'), { code: 5, details: 'job with id j1 not found' });
  };
  const job = await follower({
    streams: { getStateStream: () => ({ [Symbol.asyncIterator]: () => ({ next: unknown }) }) },
    unary: { getJobMetrics: unknown },
  });
  await expect(job.follow()).rejects.toThrow('received the id "j1"');
  expect(job.trouble).toContain('received the id "j1"');
});

test('peek() asks once for state, metrics and messages', async () => {
  const job = await follower({
    streams: { getMessageStream: () => [told('one')] },
    unary: { getState: () => ({ state: State.RUNNING }), getJobMetrics: () => counted(2) },
  });
  await job.peek();
  expect(job.state).toBe('RUNNING');
  expect(job.metrics?.elements.get('Create.main')).toBe(2);
  expect(job.messages.map(({ text }) => text)).toEqual(['one']);
});
