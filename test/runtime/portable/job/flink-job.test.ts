import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { FlinkJob } from '../../../../runtime/src/portable/job/flink-job.ts';

/** A REST API that answers by path, and keeps what it was asked. */
async function flink(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method ?? ''} ${path}`);
    const answer = answers[path];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }; // it listens on a port
}

const OVERVIEW = {
  jobs: [
    { jid: 'old', name: 'count-1', 'start-time': 1 },
    { jid: 'new', name: 'count-1', 'start-time': 2 },
    { jid: 'other', name: 'count-2', 'start-time': 3 },
  ],
};

test('FlinkJob knows the latest job of its name: state, metrics, failures, and its end', async () => {
  // As Flink 1.19 with Beam 2.62 wrote it.
  const accumulator = {
    metrics: {
      attempted: [
        {
          urn: 'beam:metric:element_count:v1',
          type: 'beam:metrics:sum_int64:v1',
          payload: 'kAM=',
          labels: { PCOLLECTION: 'Create.main' },
        },
      ],
    },
  };
  const { url, asked } = await flink({
    '/jobs/overview': OVERVIEW,
    '/jobs/new': { state: 'RESTARTING' },
    '/jobs/new/accumulators': {
      'user-task-accumulators': [{ name: '__metricscontainers', value: JSON.stringify(accumulator) }],
    },
    '/jobs/new/exceptions': {
      exceptionHistory: {
        entries: [{ stacktrace: 'second', concurrentExceptions: [] }, { stacktrace: 'first' }],
      },
    },
    '/jobs/new?mode=cancel': {},
  });
  const job = new FlinkJob(url, 'count-1');
  expect(await job.state()).toBe('RUNNING');
  const metrics = await job.metrics();
  expect(metrics?.attempted[0]?.labels).toEqual({ PCOLLECTION: 'Create.main' });
  expect([...(metrics?.attempted[0]?.payload ?? [])]).toEqual([0x90, 0x03]);
  expect(await job.failures()).toEqual(['first', 'second']);
  expect(await job.cancel()).toBe(true);
  expect(asked.at(-1)).toBe('PATCH /jobs/new?mode=cancel');
});

test('FlinkJob says nothing of a job that is not there, nor when nobody answers', async () => {
  const { url } = await flink({ '/jobs/overview': OVERVIEW });
  for (const job of [new FlinkJob(url, 'count-9'), new FlinkJob('http://127.0.0.1:1/', 'count-1')]) {
    expect(await job.state()).toBeUndefined();
    expect(await job.metrics()).toBeUndefined();
    expect(await job.failures()).toEqual([]);
    expect(await job.cancel()).toBe(false);
  }
});
