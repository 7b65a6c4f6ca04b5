import { expect, test } from 'vitest';
import { isLocalEndpoint, runnerTarget } from '../../../runtime/src/promote/runner-target.ts';

test.each([
  { endpoint: 'localhost:8073', isLocal: true },
  { endpoint: '127.0.0.1:8073', isLocal: true },
  { endpoint: '[::1]:8073', isLocal: true },
  { endpoint: 'flink.example.org:8099', isLocal: false },
  { endpoint: 'localhost.example.org:8099', isLocal: false },
  { endpoint: '10.0.0.7:8099', isLocal: false },
])('isLocalEndpoint() says $isLocal for $endpoint', ({ endpoint, isLocal }) => {
  expect(isLocalEndpoint(endpoint)).toBe(isLocal);
});

test('runnerTarget() takes an endpoint as it is, and refuses a portable runner without one', async () => {
  const target = await runnerTarget('portable', { endpoint: 'runner.example.org:8099' });
  expect(target).toMatchObject({ endpoint: 'runner.example.org:8099', isLocal: false });
  await expect(runnerTarget('portable', {})).rejects.toThrow(
    'Cannot reach the runner as its endpoint must be given: received none with the runner "portable"',
  );
});
