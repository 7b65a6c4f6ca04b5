import { expect, test } from 'vitest';
import { requireOptions } from '../../../runtime/src/promote/require-options.ts';

test.each([
  { options: { endpoint: '' }, want: 'its endpoint must be a host and a port: received ""' },
  { options: { endpoint: 'http://localhost:8099' }, want: 'its endpoint must be' },
  { options: { endpoint: 'nonsense' }, want: 'its endpoint must be' },
  { options: { jobName: ' ' }, want: 'jobName must be a text' },
  { options: { jobName: 5 }, want: 'jobName must be a text that is not empty: received 5' },
  { options: { parallelism: 0 }, want: 'parallelism must be a whole number, 1 or more: received 0' },
  { options: { samples: 11 }, want: 'samples must be a whole number from 0 to 10: received 11' },
  { options: { samples: 'x' }, want: 'samples must be' },
  {
    options: { environment: { kind: 'dokcer' } },
    want: 'process, loopback, external or docker: received "dokcer"',
  },
  { options: { environment: { kind: 'docker' } }, want: 'must name its image: received undefined' },
  { options: { environment: { kind: 'external', endpoint: 5 } }, want: 'host and port of its worker pool' },
])('requireOptions() refuses $options', ({ options, want }) => {
  // What a caller without types gives.
  expect(() => {
    requireOptions(options as Parameters<typeof requireOptions>[0]);
  }).toThrow(want);
});

test('requireOptions() takes what a job can have', () => {
  requireOptions({});
  requireOptions({ endpoint: '[::1]:8099', jobName: 'größe', parallelism: 1, samples: 0 });
  requireOptions({ environment: { kind: 'docker', image: 'a' } });
  requireOptions({ environment: { kind: 'external', endpoint: 'pool:50000' } });
});
