import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { SourceShard } from '../model/bounded-source.ts';
import { compressedSuffix, compressionOf, type CompressionOption } from './compression.ts';
import { errorCode, FileError, fileError } from './file-error.ts';
import { fileBytes } from './file-bytes.ts';
import type { FileMetadata } from './file-system.ts';
import { fileSystemOf, refuseNoMatch, schemeOf, type FileSystems } from './file-systems.ts';
import { shownPath } from './local-path.ts';

/** Content is hashed for files up to this size, while all together are below the total. */
const HASHED_FILE_BYTES = 1024 * 1024;
const HASHED_TOTAL_BYTES = 32 * 1024 * 1024;

/** What each source of files has: plain data, and registered file systems. */
export interface InputFiles {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;
}

/** A whole file that is read as one bundle. */
export interface FileShard extends SourceShard {
  /** Absolute, or with its scheme. */
  readonly path: string;
  /** Size of the file as it is on disk, compressed or not. */
  readonly bytes: number;
}

/** A file's name in messages. */
export function shownFile(path: string): string {
  return schemeOf(path) === '' ? shownPath(path) : path;
}

/**
 * The files that patterns name now, in the order of the patterns, each once.
 *
 * @throws {FileError} for a pattern without a match, and files that are compressed in a way that we do not read.
 */
export async function inputFiles({
  patterns,
  compression,
  fileSystems,
}: InputFiles): Promise<readonly FileMetadata[]> {
  const files = new Map<string, FileMetadata>();
  for (const pattern of patterns) {
    const matched = await fileSystemOf(pattern, fileSystems).match(pattern);
    if (matched.length === 0) refuseNoMatch(pattern);
    for (const file of matched) if (!files.has(file.path)) files.set(file.path, file);
  }
  for (const path of compression === 'auto' ? files.keys() : []) {
    const suffix = compressedSuffix(path);
    if (suffix === undefined || suffix === '.gz' || suffix === '.zst') continue;
    throw new FileError(
      `Cannot read "${shownFile(path)}" as only gzip and zstd can be uncompressed: received ${suffix}`,
      { hint: "Uncompress it first; if it is not compressed, read it with { compression: 'none' }" },
    );
  }
  return [...files.values()];
}

/** One shard a file, in the order of inputFiles. */
export async function fileShards(files: InputFiles): Promise<readonly FileShard[]> {
  return (await inputFiles(files)).map(({ path, size }) => ({
    description: shownFile(path),
    bytes: size,
    path,
  }));
}

/**
 * Changes with the files' names, sizes and contents, and with the options.
 *
 * Content is hashed for local files of up to 1 MB (32 MB in all), so that a touched file is the same file, and one edited
 * within a clock tick is another; a bigger file is known by its time of change, in nanoseconds.
 */
export async function filesFingerprint(files: InputFiles, options: readonly unknown[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([...options, files.compression]));
  let left = HASHED_TOTAL_BYTES;
  for (const { path, size, version } of await inputFiles(files)) {
    const isHashed = schemeOf(path) === '' && size <= HASHED_FILE_BYTES && size <= left;
    if (isHashed) left -= size;
    hash.update(JSON.stringify([path, size, isHashed ? contentHash(path) : version]));
  }
  return hash.digest('hex');
}

/** One call a file: three thread-pool round trips would cost more than reading it. */
function contentHash(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw fileError('read', shownPath(path), error);
  }
}

/** Which chunks of a file to give, and how. */
interface ChunkOptions {
  readonly files: Pick<InputFiles, 'compression' | 'fileSystems'>;
  readonly signal: AbortSignal;
  /** Where to begin, in bytes; only where it is not compressed. */
  readonly from?: number | undefined;
  readonly reportBytes?: ((bytes: number) => void) | undefined;
}

/** Gives each chunk of a file, uncompressed, to `take`, which may wait. @throws {FileError} | `signal.reason` */
export async function readFileChunks(
  shard: FileShard,
  options: ChunkOptions & { readonly take: (chunk: Buffer) => Promise<void> | void },
): Promise<void> {
  for await (const chunk of fileChunks(shard, options)) await options.take(chunk);
}

/** The chunks of a file, uncompressed; one is valid until the next is asked for. @throws {FileError} | `signal.reason` */
export async function* fileChunks(
  shard: FileShard,
  { files, signal, from, reportBytes }: ChunkOptions,
): AsyncGenerator<Buffer, void, void> {
  const { fileSystems } = files;
  const compression = compressionOf(shard.path, files.compression);
  const chunks = fileBytes(shard.path, { size: shard.bytes, compression, fileSystems, from, reportBytes });
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = await nextChunk(chunks, { file: shard.description, compression });
      signal.throwIfAborted();
      if (chunk === undefined) break;
      yield chunk;
    }
  } finally {
    await chunks.return();
  }
}

/** Undefined at the end of the file. */
async function nextChunk(
  chunks: AsyncGenerator<Buffer, void, void>,
  { file, compression }: { readonly file: string; readonly compression: string },
): Promise<Buffer | undefined> {
  try {
    const { value } = await chunks.next();
    return value ?? undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code?.startsWith('Z_') !== true && code?.startsWith('ZSTD_') !== true)
      throw fileError('read', file, error);
    const isCut = code === 'Z_BUF_ERROR';
    throw new FileError(
      isCut
        ? `Cannot read "${file}" to its end as it is a ${compression} file that was cut off`
        : `Cannot read "${file}" as it must be a ${compression} file: received damaged or other data`,
      {
        hint: isCut
          ? 'Copy or download it again'
          : "Copy it again; if it is not compressed, read it with { compression: 'none' }",
        cause: error,
      },
    );
  }
}
