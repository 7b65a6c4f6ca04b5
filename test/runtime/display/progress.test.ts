import { expect, test } from 'vitest';
import { progressBundle, type ProgressView } from '../../../runtime/src/display/progress.ts';

const BASE: ProgressView = {
  stage: 'FlatMap(words)',
  elements: 1_234_567,
  elementsPerSecond: 800_000,
  elapsedMs: 2000,
  state: 'running',
};

test.each([
  { name: 'without a total', over: {}, want: 'FlatMap(words)  1,234,567 elements · 800,000/s · 2.00 s' },
  {
    name: 'with a total',
    over: { bytes: 25, totalBytes: 100 },
    want: 'FlatMap(words)  [██████░░░░░░░░░░░░░░░░░░]  25 % · 1,234,567 elements · 800,000/s · 25 B of 100 B · about 6 s left',
  },
  {
    name: 'at the end',
    over: { bytes: 99, totalBytes: 100, state: 'done' as const },
    want: 'FlatMap(words)  [████████████████████████]  1,234,567 elements · 800,000/s · 99 B of 100 B · done after 2.00 s',
  },
  {
    name: 'before anything was read',
    over: { elements: 0, elementsPerSecond: NaN, bytes: 0, totalBytes: 0, elapsedMs: 0 },
    want: 'FlatMap(words)  0 elements · 0 B · 0 ms',
  },
])('progressBundle() says how far it is, $name', ({ over, want }) => {
  expect(progressBundle({ ...BASE, ...over }).data['text/plain']).toBe(want);
});

test('progressBundle() is a progress bar to a screen reader', () => {
  const html = String(progressBundle({ ...BASE, stage: '<b>', bytes: 1, totalBytes: 2 }).data['text/html']);
  expect(html).toContain('role="progressbar"');
  expect(html).toContain('aria-valuenow="50"');
  expect(html).not.toContain('<b>');
});
