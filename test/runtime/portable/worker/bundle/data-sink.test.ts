import { expect, test } from 'vitest';
import { BYTES_CODER } from '../../../../../runtime/src/coders/bytes.ts';
import { GLOBAL_WINDOW_CODER } from '../../../../../runtime/src/coders/global-window.ts';
import { WindowedValueCoder } from '../../../../../runtime/src/coders/windowed-value.ts';
import { NO_FIRING } from '../../../../../runtime/src/model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../../../../../runtime/src/model/window.ts';
import { DataSink } from '../../../../../runtime/src/portable/worker/bundle/data-sink.ts';

const KB = 1024;

/** A sink, and the sizes in whole KB of the messages that it sent. */
function recordedSink() {
  const sizes: number[] = [];
  const sink = new DataSink({
    transformId: 'sink',
    name: 'Step',
    coder: new WindowedValueCoder(BYTES_CODER, GLOBAL_WINDOW_CODER),
    send: (bytes) => {
      sizes.push(Math.floor(bytes.length / KB));
      return undefined;
    },
  });
  const receive = (bytes: number) => sink.receive(new Uint8Array(bytes), 0, GLOBAL_WINDOWS, NO_FIRING);
  return { sink, sizes, receive };
}

test('DataSink makes few messages of much output, as Flink takes 100 of a bundle', () => {
  const { sizes, receive } = recordedSink();
  for (let megabyte = 0; megabyte < 600; megabyte++) void receive(1024 * KB);
  expect(sizes.length).toBeLessThan(70);
  // Memory stays small beside the output: no message is more than a fourth of what was sent before it.
  let sent = 0;
  for (const size of sizes) {
    expect(size).toBeLessThanOrEqual(Math.max(2 * 1024, sent / 4));
    sent += size;
  }
});

test('DataSink makes small messages of the first output of each bundle', () => {
  const { sink, sizes, receive } = recordedSink();
  for (let bundle = 0; bundle < 2; bundle++) {
    for (let n = 0; n < 9 * 4; n++) void receive(64 * KB);
    sink.take();
  }
  // Twice as long from the ninth on, which is not full in either bundle.
  expect(sizes).toEqual(Array.from({ length: 16 }, () => 256));
});
