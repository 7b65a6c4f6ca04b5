import { expect, test } from 'vitest';
import { resourceHints } from '../../../runtime/src/promote/resource-hints.ts';

test('resourceHints() writes each as text under its URN, and leaves out what is not given', () => {
  const hints = resourceHints({
    minRam: 4 * 2 ** 30,
    accelerator: 'type:nvidia-tesla-k80;count:1',
    cpuCount: undefined,
  });
  const texts = Object.entries(hints).map(([urn, bytes]) => [urn, Buffer.from(bytes).toString()]);
  expect(Object.fromEntries(texts)).toEqual({
    'beam:resources:min_ram_bytes:v1': '4294967296',
    'beam:resources:accelerator:v1': 'type:nvidia-tesla-k80;count:1',
  });
});

test('resourceHints() refuses a number that is no count', () => {
  expect(() => resourceHints({ cpuCount: 1.5 })).toThrow(
    'Cannot promote as the resource hint cpuCount must be a whole number above 0: received 1.5',
  );
});
