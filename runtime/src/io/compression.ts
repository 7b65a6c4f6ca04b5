import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

import { FileError } from './file-error.ts';

/** Of compressed formats that Beam SDKs know by suffix. */
const SUFFIXES = ['.bz2', '.deflate', '.gz', '.lzma', '.lzo', '.snappy', '.xz', '.zip', '.zst'];

/** How the bytes of a file are compressed. */
export type Compression = 'gzip' | 'zstd' | 'none';
/** The same, or by the file's name: ".gz" and ".zst". */
export type CompressionOption = Compression | 'auto';

/** What options may say. */
export const COMPRESSIONS: readonly CompressionOption[] = ['auto', 'gzip', 'zstd', 'none'];

/** The suffix of a compressed file's name, in lower case: ".gz"; undefined for any other name. */
export function compressedSuffix(path: string): string | undefined {
  return SUFFIXES.find((suffix) => path.toLowerCase().endsWith(suffix));
}

/** How a file of this name is compressed. */
export function compressionOf(path: string, option: CompressionOption): Compression {
  if (option !== 'auto') return option;
  const suffix = compressedSuffix(path);
  return suffix === '.gz' ? 'gzip' : suffix === '.zst' ? 'zstd' : 'none';
}

/**
 * A stream that uncompresses, which takes concatenated members as one; undefined where there is nothing to uncompress.
 *
 * @throws {FileError} for zstd, if this Node has none.
 */
export function uncompressing(compression: Compression, file: string): Transform | undefined {
  const chunkSize = 256 * 1024;
  if (compression === 'none') return undefined;
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize });
  return zstd('createZstdDecompress', `read "${file}"`)({ chunkSize });
}

/** A stream that compresses; undefined where there is nothing to compress. @throws {FileError} as `uncompressing`. */
export function compressing(compression: Compression, file: string): Transform | undefined {
  if (compression === 'none') return undefined;
  return compression === 'gzip' ? zlib.createGzip() : zstd('createZstdCompress', `write "${file}"`)({});
}

/** Node has zstd from 22.15 on, and its types are those of Node 20. */
function zstd(name: string, action: string): (options: zlib.ZlibOptions) => Transform {
  const create: unknown = Reflect.get(zlib, name);
  if (typeof create === 'function') return create as (options: zlib.ZlibOptions) => Transform;
  throw new FileError(
    `Cannot ${action} as zstd needs Node 22.15 or later: received Node ${process.versions.node}`,
    { hint: 'Use gzip, or run a later Node' },
  );
}
