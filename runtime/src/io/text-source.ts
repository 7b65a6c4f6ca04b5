import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import type { CompressionOption } from './compression.ts';
import type { FileSystems } from './file-systems.ts';
import { fileShards, filesFingerprint, readFileChunks, type FileShard } from './input-files.ts';
import { LineSplitter } from './line-splitter.ts';

/** One file: text is not split further, as a gzip file cannot be. */
export type TextShard = FileShard;

/** What a TextSource reads; the fields are those of ReadFromTextOptions, all given. */
export interface TextSourceOptions {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly skipHeaderLines: number;
  readonly invalidUtf8: 'refuse' | 'replace';
  readonly fileSystems?: FileSystems;
}

/** The lines of text files: what `readFromText` reads. */
export class TextSource implements BoundedSource<string, TextShard> {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly skipHeaderLines: number;
  readonly invalidUtf8: TextSourceOptions['invalidUtf8'];
  readonly fileSystems: FileSystems;

  constructor(options: TextSourceOptions) {
    this.patterns = options.patterns;
    this.compression = options.compression;
    this.skipHeaderLines = options.skipHeaderLines;
    this.invalidUtf8 = options.invalidUtf8;
    this.fileSystems = options.fileSystems ?? {};
  }

  /** One shard a file, in the order of the patterns. */
  shards(): Promise<readonly TextShard[]> {
    return fileShards(this);
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
    await readFileChunks(shard, {
      files: this,
      signal,
      reportBytes,
      take: (chunk) => splitter.push(chunk),
    });
    await splitter.end();
  }

  fingerprint(): Promise<string> {
    return filesFingerprint(this, ['text', this.skipHeaderLines, this.invalidUtf8]);
  }
}
