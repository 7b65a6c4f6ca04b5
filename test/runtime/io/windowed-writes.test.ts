import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { writeToText } from '../../../runtime/src/io/write-to-text.ts';
import { assignTimestamps } from '../../../runtime/src/transforms/assign-timestamps.ts';
import { testStream } from '../../../runtime/src/transforms/test-stream.ts';
import { windowInto } from '../../../runtime/src/transforms/window-into.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { fixed } from '../../../runtime/src/windowing/fixed-windows.ts';
import { afterCount, afterWatermark } from '../../../runtime/src/windowing/triggers.ts';
import { collect, pipeline } from './run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-windowed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('windowedWrites writes all shards of each window, with the window in their names', async () => {
  const names = await collect(
    pipeline()
      .apply(create([1, 2, 61_000]))
      .apply(assignTimestamps((ms: number) => ms))
      .apply(windowInto(fixed({ minutes: 1 })))
      .apply(writeToText(path.join(folder, 'n'), { windowedWrites: true, numShards: 2, suffix: '.txt' })),
  );
  const first = 'n-1970-01-01T00:00:00.000Z-1970-01-01T00:01:00.000Z-pane-0-first-last';
  const second = 'n-1970-01-01T00:01:00.000Z-1970-01-01T00:02:00.000Z-pane-0-first-last';
  const shards = [first, second].flatMap((base) => [
    `${base}-00000-of-00002.txt`,
    `${base}-00001-of-00002.txt`,
  ]);
  expect(names.map((name) => path.basename(name))).toEqual(shards);
  expect(readdirSync(folder).sort()).toEqual(shards);
  const text = names.map((name) => readFileSync(name, 'utf8'));
  expect(text.slice(0, 2).join('').split('\n').sort()).toEqual(['', '1', '2']);
  expect(text.slice(2).join('')).toBe('61000\n');
});

test('windowedWrites writes late panes of a stream beside those on time', async () => {
  const events = testStream<string>()
    .addElements([{ value: 'a', timestamp: 0 }])
    .advanceWatermarkTo(60_000)
    .addElements([{ value: 'late', timestamp: 1 }])
    .advanceWatermarkToInfinity();
  const names = await collect(
    pipeline()
      .apply(events)
      .apply(
        windowInto(fixed({ minutes: 1 }), {
          trigger: afterWatermark({ late: afterCount(1) }),
          allowedLateness: { minutes: 5 },
          accumulationMode: 'discarding',
        }),
      )
      .apply(writeToText(path.join(folder, 'n'), { windowedWrites: true })),
  );
  expect(names).toHaveLength(2);
  expect(names.map((name) => readFileSync(name, 'utf8'))).toEqual(['a\n', 'late\n']);
  expect(names[1]).toContain('-pane-1');
});
