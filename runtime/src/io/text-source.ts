import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import type { OffsetRange } from '../model/offset-range.ts';
import { compressionOf, type CompressionOption } from './compression.ts';
import type { FileSystems } from './file-systems.ts';
import {
  fileChunks,
  fileShards,
  filesFingerprint,
  readFileChunks,
  type FileShard,
  type InputFiles,
} from './input-files.ts';
import { LineSplitter } from './line-splitter.ts';

/** One file. */
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

  /** Bytes; of a compressed file none, as it cannot be read from the middle. */
  positionsOf(shard: TextShard): OffsetRange | undefined {
    const isCut = compressionOf(shard.path, this.compression) === 'none';
    return isCut ? { start: 0, stop: shard.bytes } : undefined;
  }

  /** A line's position is that of its first byte. */
  async *readFrom(
    shard: TextShard,
    {
      start,
      claim,
      signal,
    }: {
      readonly start: number;
      readonly claim: (position: number) => boolean;
      readonly signal: AbortSignal;
    },
  ): AsyncGenerator<readonly string[], void, void> {
    const { skipHeaderLines: skip, invalidUtf8 } = this;
    const lines: string[] = [];
    const from = start === 0 ? 0 : await lineStart(shard, { from: start - 1, count: 1, files: this, signal });
    const headerEnd =
      skip === 0 || from === 0 ? 0 : await lineStart(shard, { from: 0, count: skip, files: this, signal });
    const first = Math.max(from, headerEnd);
    const splitter = new LineSplitter({
      file: shard.description,
      emit: (line) => void lines.push(line),
      signal,
      skip: first === 0 ? skip : 0,
      linesBefore: first === 0 ? 0 : 1, // as many are not known, and only a first line has a byte order mark
      range: { start: first, claim },
      invalidUtf8,
    });
    for await (const chunk of fileChunks(shard, { files: this, signal, from: first })) {
      await splitter.push(chunk);
      if (lines.length > 0) yield lines.splice(0);
      if (splitter.isOver) return;
    }
    await splitter.end();
    if (lines.length > 0) yield lines;
  }

  fingerprint(): Promise<string> {
    return filesFingerprint(this, ['text', this.skipHeaderLines, this.invalidUtf8]);
  }
}

const LF = 10;

/** Where the line begins that follows so many ends of lines, from a place on; the file's end where there are fewer. */
async function lineStart(
  shard: TextShard,
  options: {
    readonly from: number;
    readonly count: number;
    readonly files: Pick<InputFiles, 'compression' | 'fileSystems'>;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  let position = options.from;
  let left = options.count;
  for await (const chunk of fileChunks(shard, options)) {
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      left -= 1;
      if (left === 0) return position + at + 1;
    }
    position += chunk.length;
  }
  return position;
}
