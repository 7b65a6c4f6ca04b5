import { pipeline, Readable } from 'node:stream';

import { uncompressing, type Compression } from './compression.ts';
import { fileSystemOf, schemeOf, type FileSystems } from './file-systems.ts';
import { localBytes } from './local-bytes.ts';

/** What there is to read, and how. */
export interface FileBytesOptions {
  /** As it was when the file was matched; a hint only, the file is read to its end. */
  readonly size: number;
  readonly compression: Compression;
  readonly fileSystems: FileSystems;
  /** Where to begin in the file, in bytes; only where it is not compressed. */
  readonly from?: number | undefined;
  /** Told of the bytes of the file that were taken so far. */
  readonly reportBytes?: ((bytes: number) => void) | undefined;
}

/** The bytes of a file, uncompressed, in chunks; a chunk is valid until the next one is asked for. */
export async function* fileBytes(
  file: string,
  options: FileBytesOptions,
): AsyncGenerator<Buffer, void, void> {
  const { size, compression, fileSystems, from, reportBytes } = options;
  const isLocal = schemeOf(file) === '';
  const raw = counted(
    isLocal
      ? localBytes(file, { size, from })
      : fileSystemOf(file, fileSystems).read(file, { from: from ?? 0 }),
    {
      reportBytes,
      isCopied: compression !== 'none',
    },
  );
  const uncompress = uncompressing(compression, file);
  if (uncompress === undefined) {
    yield* raw;
    return;
  }
  // A failure of either destroys the other with it, and so comes out of the loop below.
  pipeline(Readable.from(raw), uncompress, () => undefined);
  for await (const chunk of uncompress) yield chunk as Buffer; // a stream without encoding gives Buffers
}

/** Says how far it is after each chunk was worked on; copies, where a stream holds several. */
async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly reportBytes: FileBytesOptions['reportBytes']; readonly isCopied: boolean },
): AsyncGenerator<Buffer, void, void> {
  let total = 0;
  for await (const chunk of chunks) {
    yield options.isCopied
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    total += chunk.length;
    options.reportBytes?.(total);
  }
}
