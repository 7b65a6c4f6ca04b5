import { expect, test } from 'vitest';
import { tableBundle } from '../../../runtime/src/display/table-bundle.ts';
import { paneText, timestampText, windowText } from '../../../runtime/src/display/window-text.ts';
import { NO_FIRING, type PaneInfo } from '../../../runtime/src/model/pane-info.ts';
import { END_OF_GLOBAL_WINDOW, MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import { GLOBAL_WINDOW, maxTimestamp } from '../../../runtime/src/model/window.ts';

test.each([
  { timestamp: MIN_TIMESTAMP, want: 'start of time' },
  { timestamp: MAX_TIMESTAMP, want: 'end of time' },
  { timestamp: END_OF_GLOBAL_WINDOW, want: 'end of global window' },
  { timestamp: maxTimestamp(GLOBAL_WINDOW), want: 'end of global window' },
  { timestamp: Date.UTC(2026, 0, 2, 3, 4, 5), want: '2026-01-02T03:04:05Z' },
  { timestamp: Date.UTC(2026, 0, 1) - 1, want: '2025-12-31T23:59:59.999Z' },
  { timestamp: 9e15, want: '9000000000000000 ms' },
])('timestampText() of $timestamp is "$want"', ({ timestamp, want }) => {
  expect(timestampText(timestamp)).toBe(want);
});

const at = (text: string) => Date.parse(text);

test.each([
  {
    name: 'within a day',
    start: at('2026-01-01T23:58:00Z'),
    end: at('2026-01-01T23:59:00.500Z'),
    want: '[2026-01-01T23:58:00Z, 23:59:00.500Z)',
  },
  {
    name: 'to the next day',
    start: at('2026-01-01T23:00:00Z'),
    end: at('2026-01-02T00:00:00Z'),
    want: '[2026-01-01T23:00:00Z, 2026-01-02T00:00:00Z)',
  },
  { name: 'beyond dates', start: -9e15, end: 9e15, want: '[-9000000000000000 ms, 9000000000000000 ms)' },
])('windowText() of an interval $name', ({ start, end, want }) => {
  expect(windowText({ kind: 'interval', start, end })).toBe(want);
});

const pane = (rest: Partial<PaneInfo>): PaneInfo => ({
  ...NO_FIRING,
  timing: 'onTime',
  isLast: false,
  ...rest,
});

test.each([
  { pane: NO_FIRING, want: '–' },
  { pane: pane({ isLast: true }), want: 'onTime 0 (last)' },
  { pane: pane({ timing: 'early', index: 2, onTimeIndex: -1 }), want: 'early 2' },
  { pane: pane({ timing: 'late', index: 4, onTimeIndex: 1 }), want: 'late 4' },
])('paneText() says "$want"', ({ pane, want }) => {
  expect(paneText(pane)).toBe(want);
});

test('a table shows event time, window and pane of windowed elements', () => {
  const start = Date.UTC(2026, 0, 1);
  const minute = { kind: 'interval', start, end: start + 60_000 } as const;
  const { data } = tableBundle({
    name: 'perMinute',
    rows: [
      { key: 'a', value: 1 },
      { key: 'all', value: 2 },
    ],
    complete: true,
    windowInfo: [
      { timestamp: maxTimestamp(minute), windows: [minute], pane: pane({ isLast: true }) },
      { timestamp: END_OF_GLOBAL_WINDOW, windows: [GLOBAL_WINDOW], pane: pane({ timing: 'early' }) },
    ],
  });
  const text = String(data['text/plain']);
  expect(text).toMatch(/key +value +event time +window +pane/);
  expect(text).toMatch(
    /a +1 +2026-01-01T00:00:59.999Z +\[2026-01-01T00:00:00Z, 00:01:00Z\) +onTime 0 \(last\)/,
  );
  expect(text).toMatch(/all +2 +end of global window +global +early 0/);
});
