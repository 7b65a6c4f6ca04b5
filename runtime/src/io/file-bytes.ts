import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';

/** Up to this size a file is read with one call: three thread-pool round trips would cost more than the reading. */
const SMALL_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** What there is to read, and how. */
export interface FileBytesOptions {
  /** As it was when the file was matched; a hint only, the file is read to its end. */
  readonly size: number;
  readonly gzip: boolean;
  /** Where to begin, in bytes from the start; only of a file that is not compressed. */
  readonly from?: number;
  /** Told of the bytes of the file that were taken so far. */
  readonly reportBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The bytes of a file in chunks; a chunk is valid until the next one is asked for.
 *
 * The event loop turns before each chunk, so that an abort gets through while the caller is busy with them.
 */
export async function* fileBytes(
  file: string,
  options: FileBytesOptions,
): AsyncGenerator<Buffer, void, void> {
  if (options.gzip) {
    yield* gunzipped(file, options);
  } else if (options.from === undefined && options.size > 0 && options.size <= SMALL_BYTES) {
    await setImmediate();
    const bytes = readFileSync(file);
    yield bytes;
    options.reportBytes?.(bytes.length);
  } else {
    yield* plain(file, options);
  }
}

/** Reads ahead: the next chunk is on its way while the caller works on this one. */
async function* plain(
  file: string,
  { from = 0, reportBytes }: FileBytesOptions,
): AsyncGenerator<Buffer, void, void> {
  const handle = await open(file);
  let [current, spare] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  const readInto = (buffer: Buffer, position: number) => {
    const reading = handle.read(buffer, 0, CHUNK_BYTES, position);
    reading.catch(() => undefined); // thrown where it is awaited, which can be after it failed
    return reading;
  };
  let reading = readInto(current, from);
  try {
    for (let total = 0; ;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      [current, spare] = [spare, current];
      total += bytesRead;
      reading = readInto(current, from + total);
      yield spare.subarray(0, bytesRead);
      reportBytes?.(total);
    }
  } finally {
    await Promise.allSettled([reading]); // it uses the handle until then
    await handle.close();
  }
}

/** Takes concatenated members as one stream, as gzip does. */
async function* gunzipped(
  file: string,
  { reportBytes }: FileBytesOptions,
): AsyncGenerator<Buffer, void, void> {
  const raw = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // A failure of either destroys the other with it, and so comes out of the loop below.
  pipeline(raw, gunzip, () => undefined);
  for await (const chunk of gunzip) {
    yield chunk as Buffer; // a stream without encoding gives Buffers
    reportBytes?.(raw.bytesRead);
  }
  reportBytes?.(raw.bytesRead);
}
