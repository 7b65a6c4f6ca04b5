import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatTick,
} from '../../../runtime/src/display/format.ts';

test.each([
  [formatCount(0), '0'],
  [formatCount(1234567), '1,234,567'],
  [formatDuration(0), '0 ms'],
  [formatDuration(0.42), '0.4 ms'],
  [formatDuration(12.3), '12 ms'],
  [formatDuration(420), '0.42 s'],
  [formatDuration(9_994), '9.99 s'],
  [formatDuration(61_000), '1 min 1 s'],
  [formatDuration(7_380_000), '2 h 3 min'],
  [formatBytes(512), '512 B'],
  [formatBytes(999_900), '1 MB'],
  [formatBytes(71_000_000), '71 MB'],
  [formatNumber(-0), '-0'],
  [formatNumber(-1234567), '-1,234,567'],
  [formatNumber(3.14159265), '3.142'],
  [formatNumber(1e21), '1.00e+21'],
  [formatNumber(NaN), 'NaN'],
  [formatTick(500_000), '500k'],
  [formatTick(-2_500_000), '-2.5M'],
])('a format gives %s', (got, want) => {
  expect(got).toBe(want);
});
