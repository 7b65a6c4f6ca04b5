import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** Up to this size a file is read with one call: three thread-pool round trips would cost more than the reading. */
const SMALL_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Which bytes of a local file to read. */
export interface LocalBytesOptions {
  /** As it was when the file was matched; a hint only, the file is read to its end. */
  readonly size?: number | undefined;
  /** Where to begin, in bytes from the start. */
  readonly from?: number | undefined;
  /** Where to end; the file's end by default. */
  readonly to?: number | undefined;
}

/**
 * The bytes of a local file in chunks; a chunk is valid until the next one is asked for.
 *
 * The event loop turns before each chunk, so that an abort gets through while the caller is busy with them.
 */
export async function* localBytes(
  file: string,
  { size = 0, from, to = Infinity }: LocalBytesOptions = {},
): AsyncGenerator<Buffer, void, void> {
  if (from === undefined && to === Infinity && size > 0 && size <= SMALL_BYTES) {
    await setImmediate();
    yield readFileSync(file);
  } else {
    yield* readAhead(file, from ?? 0, to);
  }
}

/** The next chunk is on its way while the caller works on this one. */
async function* readAhead(file: string, from: number, to: number): AsyncGenerator<Buffer, void, void> {
  const handle = await open(file);
  let [current, spare] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  const readInto = (buffer: Buffer, position: number) => {
    const reading = handle.read(buffer, 0, Math.max(0, Math.min(CHUNK_BYTES, to - position)), position);
    reading.catch(() => undefined); // thrown where it is awaited, which can be after it failed
    return reading;
  };
  let reading = readInto(current, from);
  try {
    for (let position = from; ;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      [current, spare] = [spare, current];
      position += bytesRead;
      reading = readInto(current, position);
      yield spare.subarray(0, bytesRead);
    }
  } finally {
    await Promise.allSettled([reading]); // it uses the handle until then
    await handle.close();
  }
}
