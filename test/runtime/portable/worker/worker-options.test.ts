import { expect, test } from 'vitest';
import { workerOptionsFrom } from '../../../../runtime/src/portable/worker/worker-options.ts';

test.each([
  { name: 'flags of Beam', args: ['--id=1-1', '--provision_endpoint=localhost:1'], env: {} },
  { name: 'flags with a space', args: ['--id', '1-1', '--provision_endpoint', 'localhost:1'], env: {} },
  { name: 'an id quoted as for a shell', args: ["--id='1-1'", '--provision_endpoint=localhost:1'], env: {} },
  {
    name: 'variables of Beam',
    args: [],
    env: { WORKER_ID: '1-1', PROVISION_API_SERVICE_DESCRIPTOR: 'url: "localhost:1"\n' },
  },
  {
    name: 'a flag before a variable',
    args: ['--id=1-1', '--provision_endpoint=localhost:1'],
    env: { WORKER_ID: '2-2', PROVISION_API_SERVICE_DESCRIPTOR: 'url: "localhost:2"' },
  },
])('workerOptionsFrom() reads $name', ({ args, env }) => {
  expect(workerOptionsFrom(args, env)).toMatchObject({ id: '1-1', provisionEndpoint: 'localhost:1' });
});

test('workerOptionsFrom() reads all that a container is started with', () => {
  const args = [
    '--id=1-1',
    '--control_endpoint=localhost:1',
    '--logging_endpoint=localhost:2',
    '--artifact_endpoint=localhost:3',
    '--provision_endpoint=localhost:4',
    '--semi_persist_dir=/data',
    '--threads=3',
    '--watch_parent',
  ];
  expect(workerOptionsFrom(args, { MILLRACE_NODE_MODULES: '/modules' })).toEqual({
    id: '1-1',
    controlEndpoint: 'localhost:1',
    loggingEndpoint: 'localhost:2',
    artifactEndpoint: 'localhost:3',
    provisionEndpoint: 'localhost:4',
    statusEndpoint: undefined,
    folder: '/data',
    threads: 3,
    nodeModules: '/modules',
    watchParent: true,
  });
});

test.each([
  { args: ['--provision_endpoint=localhost:1'], error: 'received no --id' },
  { args: ['--id=1'], error: 'received neither --provision_endpoint nor --control_endpoint' },
  { args: ['--id=1', '--control_endpoint=a:1', '--threads=0'], error: 'received 0' },
  { args: ['--id=1', '--control_endpoint=a:1', '--speed=9'], error: '--speed' },
])('workerOptionsFrom() refuses $args', ({ args, error }) => {
  expect(() => workerOptionsFrom(args, {})).toThrow(error);
});
