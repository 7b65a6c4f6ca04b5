import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import { requirePCollection } from '../transforms/require-input.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { COMPRESSIONS, compressionOf, type CompressionOption } from './compression.ts';
import type { FileMetadata } from './file-system.ts';
import { fileSystemsOf, type FileSystems } from './file-systems.ts';
import { filesFingerprint, inputFiles, readFileChunks, shownFile } from './input-files.ts';
import { readSource } from './read-files.ts';
import { requireOneOf } from './require-one-of.ts';
import { requirePatterns } from './require-patterns.ts';

/** What a file holds, when a function asks for it; the name is Beam's. */
export class ReadableFile {
  readonly metadata: FileMetadata;
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;

  constructor(options: {
    readonly metadata: FileMetadata;
    readonly compression: CompressionOption;
    readonly fileSystems: FileSystems;
  }) {
    this.metadata = options.metadata;
    this.compression = options.compression;
    this.fileSystems = options.fileSystems;
  }

  /** All of its bytes, uncompressed. @throws {FileError} if it cannot be read. */
  async read(): Promise<Uint8Array> {
    const { path, size } = this.metadata;
    const parts: Buffer[] = [];
    await readFileChunks(
      { path, bytes: size, description: shownFile(path) },
      {
        files: {
          compression: compressionOf(path, this.compression),
          fileSystems: this.fileSystems,
        },
        signal: new AbortController().signal,
        take: (chunk) => void parts.push(Buffer.from(chunk)),
      },
    );
    return Buffer.concat(parts);
  }

  /** All of it as UTF-8 text, uncompressed; what is no UTF-8 is U+FFFD. */
  async readUtf8(): Promise<string> {
    return new TextDecoder().decode(await this.read());
  }
}

/** The metadata of the files that patterns name. */
class MatchSource implements BoundedSource<FileMetadata> {
  readonly patterns: readonly string[];
  readonly compression = 'none';
  readonly fileSystems: FileSystems;

  constructor(patterns: readonly string[], fileSystems: FileSystems) {
    this.patterns = patterns;
    this.fileSystems = fileSystems;
  }

  shards() {
    return Promise.resolve([{ description: this.patterns.join(', ') }]);
  }

  async read(
    _shard: unknown,
    { emit, signal }: { readonly emit: Emit<FileMetadata>; readonly signal: AbortSignal },
  ) {
    for (const file of await inputFiles(this)) {
      signal.throwIfAborted();
      await emit(file, MIN_TIMESTAMP);
    }
  }

  fingerprint() {
    return filesFingerprint(this, ['match']);
  }
}

/**
 * The files that patterns name when the pipeline runs: `p.apply(beam.io.matchFiles('data/*.xml'))` gives `{ path, size, version }`.
 *
 * Patterns are those of `readFromText`; one without a match is a FileError of the run.
 *
 * @see Beam's FileIO.match, fileio.MatchFiles
 */
export function matchFiles(
  patterns: string | readonly string[],
): PTransform<Pipeline, PCollection<FileMetadata>> {
  const list = requirePatterns(patterns, 'match files');
  return readSource('MatchFiles', new MatchSource(list, fileSystemsOf(list)));
}

/**
 * Makes files that were matched readable: `matched.apply(beam.io.readFiles()).map(async (file) => parse(await file.readUtf8()))`.
 *
 * - Shape: a ReadableFile for each `{ path, size, version }`. Nothing is read before a function asks, and then as a whole.
 * - Ask in the step right after it: readable files are no data, so they cannot be grouped, shown or sent to another worker.
 *
 * @param options.compression By the file's name unless told otherwise. @param options.schemes Registered schemes that files may
 *   have: ['mem']; local files need none. @see Beam's FileIO.readMatches, fileio.ReadMatches
 */
export function readFiles(
  options: { readonly compression?: CompressionOption; readonly schemes?: readonly string[] } = {},
): PTransform<PCollection<FileMetadata>, PCollection<ReadableFile>> {
  const { compression = 'auto', schemes = [] } = requireOptions(options, 'read files', [
    'compression',
    'schemes',
  ]);
  requireOneOf(compression, COMPRESSIONS, { action: 'read files', name: 'compression' });
  const fileSystems = fileSystemsOf(schemes.map((scheme) => `${scheme}://`));
  return {
    name: 'ReadFiles',
    expand: (input) =>
      requirePCollection(input, 'ReadFiles').map(
        (metadata: FileMetadata) => new ReadableFile({ metadata, compression, fileSystems }),
      ),
  };
}
