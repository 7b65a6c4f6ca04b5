import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ElementStream } from '../coders/element-stream.ts';
import type { WindowedValue } from '../model/windowed-value.ts';
import { shippedElementsCoder } from './coders/shipped-elements.ts';

/** What writeCollected calls a file of elements. */
const SHARD = /^\d+\.elements$/;

/**
 * Reads the elements that a job has collected in a folder, shard after shard; their order means nothing.
 *
 * @throws {RangeError} for a file that ends within an element.
 */
export async function* readCollected(folder: string): AsyncGenerator<WindowedValue<unknown>, void, void> {
  // A folder that was never made is that of an empty PCollection.
  const files = (await readdir(folder)).filter((name) => SHARD.test(name)).sort();
  for (const file of files) {
    const elements = new ElementStream(shippedElementsCoder());
    for await (const chunk of createReadStream(path.join(folder, file), { highWaterMark: 1 << 20 })) {
      elements.push(chunk as Buffer); // no encoding was given
      yield* takeFrom(elements);
    }
    elements.end();
    yield* takeFrom(elements);
  }
}

function* takeFrom(elements: ElementStream): Generator<WindowedValue<unknown>, void, void> {
  while (elements.next()) {
    const { value, timestamp, windows, pane } = elements;
    yield { value, timestamp, windows, pane };
  }
}
