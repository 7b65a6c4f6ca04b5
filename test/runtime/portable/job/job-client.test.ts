import { create, type JsonObject } from '@bufbuild/protobuf';
import { expect, onTestFinished, test } from 'vitest';
import { PipelineError } from '../../../../runtime/src/errors.ts';
import { JobClient } from '../../../../runtime/src/portable/job/job-client.ts';
import { JobMessage_MessageImportance, JobState_Enum } from '../../../../runtime/src/proto/job-api.ts';
import { PipelineSchema } from '../../../../runtime/src/proto/runner-api.ts';
import { freePort } from '../../../support/free-port.ts';
import { startJobService, type ScriptedJobService } from '../../../support/job-service.ts';

async function connected(script: ScriptedJobService): Promise<JobClient> {
  const { url } = await startJobService(script);
  const client = await JobClient.connect({ url });
  onTestFinished(() => client.close());
  return client;
}

const pipeline = create(PipelineSchema, { rootTransformIds: ['Create'] });
const service = (code: number, details: string) => Object.assign(new Error(details), { code, details });

test('connect() names the endpoint that does not answer, and what to do', async () => {
  const url = `localhost:${await freePort()}`;
  const failure = await JobClient.connect({ url }, { timeoutMs: 300 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PipelineError);
  expect(failure).toMatchObject({
    message: expect.stringContaining(
      `Cannot reach a job service at ${url} as it must answer within 0.3 s: received UNAVAILABLE`,
    ) as string,
    hint: expect.stringContaining('millrace flink up') as string,
  });
});

test('connect() takes a service that describes no options', async () => {
  const client = await connected({
    unary: {
      describePipelineOptions: () => {
        throw service(12, 'unimplemented');
      },
      getJobs: () => ({ jobInfo: [] }),
    },
  });
  expect(await client.list()).toEqual([]);
});

test('submit() prepares, stages, and runs with the names that the runner gave', async () => {
  const seen: unknown[] = [];
  const started = await startJobService({
    unary: {
      prepare: (request: { jobName: string; pipelineOptions: JsonObject }) => {
        seen.push(request.jobName, request.pipelineOptions);
        return {
          preparationId: 'p1',
          stagingSessionToken: 's1',
          artifactStagingEndpoint: { url: started.url },
        };
      },
      run: (request: { preparationId: string }) => {
        seen.push(request.preparationId);
        return { jobId: 'j1' };
      },
    },
  });
  const client = await JobClient.connect({ url: started.url });
  onTestFinished(() => client.close());
  const id = await client.submit({ name: 'count', pipeline, artifacts: [], options: { parallelism: 2 } });
  expect(id).toBe('j1');
  expect(seen).toEqual(['count', { 'beam:option:parallelism:v1': '2' }, 'p1']);
  expect(started.staged.map(({ stagingToken }) => stagingToken)).toEqual(['s1']);
});

test('submit() says what the runner refused', async () => {
  const client = await connected({
    unary: {
      prepare: () => {
        throw service(2, 'unsupported feature "TestStream"');
      },
    },
  });
  await expect(client.submit({ name: 'count', pipeline, artifacts: [], options: {} })).rejects.toThrow(
    'Cannot submit "count" as the runner must agree: received UNKNOWN (unsupported feature "TestStream")',
  );
});

test('list() and state() read what a service says, and try again while it is away', async () => {
  let tries = 0;
  const client = await connected({
    unary: {
      getJobs: () => {
        if (tries++ < 2) throw service(14, 'restarting');
        return {
          jobInfo: [
            {
              jobId: 'j1',
              jobName: 'count',
              state: JobState_Enum.RUNNING,
              pipelineOptions: { 'beam:option:parallelism:v1': '2' },
            },
          ],
        };
      },
      getState: () => ({ state: JobState_Enum.DONE, timestamp: { seconds: 12n, nanos: 345_000_000 } }),
    },
  });
  expect(await client.list()).toEqual([
    { id: 'j1', name: 'count', state: 'RUNNING', options: { parallelism: '2' } },
  ]);
  expect(tries).toBe(3);
  expect(await client.state('j1')).toEqual({ state: 'DONE', at: 12_345 });
});

test.each([
  { from: 'a Java job service', code: 5, details: 'Unknown job invocation' },
  { from: 'Prism', code: 2, details: 'job with id j9 not found' },
])('state() says that $from does not know the job', async ({ code, details }) => {
  const client = await connected({
    unary: {
      getState: () => {
        throw service(code, details);
      },
    },
  });
  await expect(client.state('j9')).rejects.toThrow(
    /^Cannot find the job as localhost:\d+ must know it: received the id "j9"$/,
  );
});

test('cancel() says that the job is not known, where a service answers with no state', async () => {
  const client = await connected({ unary: { cancel: () => ({}) } });
  await expect(client.cancel('j9')).rejects.toThrow('received the id "j9"');
});

test('drain() refuses by name where the runner has none', async () => {
  const client = await connected({});
  await expect(client.drain('j1')).rejects.toThrow(
    'Cannot drain the job "j1" as the runner must have it: received a runner without it',
  );
});

test('states() and messages() follow a job to its end', async () => {
  const client = await connected({
    streams: {
      getStateStream: () => [
        { state: JobState_Enum.RUNNING },
        { state: JobState_Enum.DONE, timestamp: { seconds: 1n, nanos: 0 } },
      ],
      getMessageStream: () => [
        { response: { case: 'stateResponse', value: { state: JobState_Enum.RUNNING } } },
        {
          response: {
            case: 'messageResponse',
            value: {
              messageText: 'it broke',
              importance: JobMessage_MessageImportance.JOB_MESSAGE_ERROR,
              time: '2026-01-01T00:00:00Z',
            },
          },
        },
      ],
    },
  });
  const { signal } = new AbortController();
  const states = [];
  for await (const state of client.states('j1', signal)) states.push(state);
  expect(states).toEqual([
    { state: 'RUNNING', at: undefined },
    { state: 'DONE', at: 1_000 },
  ]);
  const messages = [];
  for await (const message of client.messages('j1', signal)) messages.push(message);
  expect(messages).toEqual([{ importance: 'error', text: 'it broke', time: '2026-01-01T00:00:00Z' }]);
});

test('states() ends when it is aborted, and when its reader stops', async () => {
  const forever = async function* () {
    yield { state: JobState_Enum.RUNNING };
    await new Promise(() => undefined);
  };
  const client = await connected({ streams: { getStateStream: forever } });
  for await (const { state } of client.states('j1', new AbortController().signal)) {
    expect(state).toBe('RUNNING');
    break;
  }
  const abort = new AbortController();
  const read = async () => {
    for await (const event of client.states('j1', abort.signal)) {
      expect(event.state).toBe('RUNNING');
      abort.abort(new RangeError('Interrupted'));
    }
  };
  await expect(read()).rejects.toThrow('Interrupted');
});
