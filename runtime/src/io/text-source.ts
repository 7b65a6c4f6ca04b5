import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { BoundedSource, Emit, SourceShard } from '../model/bounded-source.ts';
import { compressedSuffix } from './compressed-suffix.ts';
import { errorCode, FileError, fileError } from './file-error.ts';
import { fileBytes } from './file-bytes.ts';
import { matchFiles, type MatchedFile } from './file-pattern.ts';
import { LineSplitter } from './line-splitter.ts';
import { shownPath } from './local-path.ts';

/** One file: text is not split further, as a gzip file cannot be. */
export interface TextShard extends SourceShard {
  /** Absolute. */
  readonly path: string;
  /** Size of the file as it is on disk, compressed or not. */
  readonly bytes: number;
}

/** What a TextSource reads; the fields are those of ReadFromTextOptions, all given. */
export interface TextSourceOptions {
  readonly patterns: readonly string[];
  readonly compression: 'auto' | 'gzip' | 'none';
  readonly skipHeaderLines: number;
  readonly invalidUtf8: 'refuse' | 'replace';
}

/** Content is hashed for files up to this size, while all together are below the total. */
const HASHED_FILE_BYTES = 1024 * 1024;
const HASHED_TOTAL_BYTES = 32 * 1024 * 1024;

/** The lines of text files: what `readFromText` reads. */
export class TextSource implements BoundedSource<string, TextShard> {
  readonly patterns: readonly string[];
  readonly compression: TextSourceOptions['compression'];
  readonly skipHeaderLines: number;
  readonly invalidUtf8: TextSourceOptions['invalidUtf8'];

  constructor(options: TextSourceOptions) {
    this.patterns = options.patterns;
    this.compression = options.compression;
    this.skipHeaderLines = options.skipHeaderLines;
    this.invalidUtf8 = options.invalidUtf8;
  }

  /** One shard a file, in the order of matchFiles. */
  async shards(): Promise<readonly TextShard[]> {
    const files = await this.#files();
    return files.map(({ path, size }) => ({ description: shownPath(path), bytes: size, path }));
  }

  async read(
    shard: TextShard,
    options: {
      readonly emit: Emit<string>;
      readonly signal: AbortSignal;
      readonly reportBytes?: (bytes: number) => void;
    },
  ): Promise<void> {
    const { emit, signal, reportBytes } = options;
    const { skipHeaderLines: skip, invalidUtf8 } = this;
    const splitter = new LineSplitter({ file: shard.description, emit, signal, skip, invalidUtf8 });
    const chunks = fileBytes(shard.path, { size: shard.bytes, gzip: this.#isGzip(shard.path), reportBytes });
    try {
      for (;;) {
        signal.throwIfAborted();
        const chunk = await nextChunk(chunks, shard.description);
        signal.throwIfAborted();
        if (chunk === undefined) break;
        await splitter.push(chunk);
      }
      await splitter.end();
    } finally {
      await chunks.return();
    }
  }

  /**
   * Changes with the files' names, sizes and contents, and with the options.
   *
   * Content is hashed for files of up to 1 MB (32 MB in all), so that a touched file is the same file, and one edited
   * within a clock tick is another; a bigger file is known by its time of change, in nanoseconds.
   */
  async fingerprint(): Promise<string> {
    const { compression, skipHeaderLines, invalidUtf8 } = this;
    const hash = createHash('sha256').update(
      JSON.stringify(['text', compression, skipHeaderLines, invalidUtf8]),
    );
    let left = HASHED_TOTAL_BYTES;
    for (const { path, size, mtimeNs } of await this.#files()) {
      const isHashed = size <= HASHED_FILE_BYTES && size <= left;
      if (isHashed) left -= size;
      const version = isHashed ? contentHash(path) : `changed ${mtimeNs}`;
      hash.update(JSON.stringify([path, size, version]));
    }
    return hash.digest('hex');
  }

  async #files(): Promise<readonly MatchedFile[]> {
    const files = await matchFiles(this.patterns);
    if (this.compression !== 'auto') return files;
    for (const { path } of files) {
      const suffix = compressedSuffix(path);
      if (suffix === undefined || suffix === '.gz') continue;
      throw new FileError(
        `Cannot read "${shownPath(path)}" as only gzip can be uncompressed: received ${suffix}`,
        {
          hint: "Uncompress it first; if it is plain text, read it with { compression: 'none' }",
        },
      );
    }
    return files;
  }

  #isGzip(path: string): boolean {
    return this.compression === 'gzip' || (this.compression === 'auto' && compressedSuffix(path) === '.gz');
  }
}

/** One call a file: three thread-pool round trips would cost more than reading it. */
function contentHash(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw fileError('read', shownPath(path), error);
  }
}

/** Undefined at the end of the file. */
async function nextChunk(
  chunks: AsyncGenerator<Buffer, void, void>,
  file: string,
): Promise<Buffer | undefined> {
  try {
    const { value } = await chunks.next();
    return value ?? undefined;
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') !== true) throw fileError('read', file, error);
    const isCut = errorCode(error) === 'Z_BUF_ERROR';
    throw new FileError(
      isCut
        ? `Cannot read "${file}" to its end as it is a gzip file that was cut off`
        : `Cannot read "${file}" as it must be a gzip file: received damaged or other data`,
      {
        hint: isCut
          ? 'Copy or download it again'
          : "Copy it again; if it is plain text, read it with { compression: 'none' }",
        cause: error,
      },
    );
  }
}
