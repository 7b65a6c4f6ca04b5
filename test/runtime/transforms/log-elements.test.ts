import { expect, test, vi } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

async function logged(level: 'log' | 'warn', options: beam.LogElementsOptions) {
  const lines: unknown[] = [];
  const spy = vi.spyOn(console, level).mockImplementation((line) => void lines.push(line));
  try {
    const elements = beam
      .pipeline()
      .apply(beam.create<unknown>(['ü', { n: 1 }]))
      .apply(beam.assignTimestamps(() => 1500))
      .apply(beam.windowInto(beam.windows.fixed({ seconds: 1 })))
      .apply(beam.logElements(options));
    expect((await collect(elements)).values).toEqual(['ü', { n: 1 }]);
  } finally {
    spy.mockRestore();
  }
  return lines;
}

test('logElements() writes elements to the console, and passes them on', async () => {
  expect(await logged('log', {})).toEqual(['ü', '{"n":1}']);
  expect(await logged('warn', { level: 'warn', prefix: '> ', withTimestamp: true })).toEqual([
    '> ü, timestamp=1970-01-01T00:00:01.500Z',
    '> {"n":1}, timestamp=1970-01-01T00:00:01.500Z',
  ]);
  const [line] = await logged('log', { withWindow: true, withPaneInfo: true });
  expect(line).toBe(
    'ü, window(start=1970-01-01T00:00:01.000Z, end=1970-01-01T00:00:02.000Z), ' +
      'pane_info={"timing":"unknown","index":0,"onTimeIndex":0,"isFirst":true,"isLast":true}',
  );
});

test('logElements() refuses options and levels that it does not know', () => {
  expect(() => beam.logElements({ prefx: '' } as never)).toThrow('received prefx');
  expect(() => beam.logElements({ level: 'fatal' as never })).toThrow('received fatal');
});
