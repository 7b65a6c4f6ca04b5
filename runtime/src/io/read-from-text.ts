import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { COMPRESSIONS, type CompressionOption } from './compression.ts';
import { fileSystemsOf } from './file-systems.ts';
import { requireOneOf } from './require-one-of.ts';
import { requirePatterns } from './require-patterns.ts';
import { TextSource } from './text-source.ts';
import { requirePipeline } from '../transforms/require-input.ts';

/** How readFromText reads. */
export interface ReadFromTextOptions {
  /** By default a name that ends in ".gz" is a gzip file, in ".zst" a zstd file (Node >= 22.15), and any other is plain text. */
  readonly compression?: CompressionOption;
  /** How many lines to drop at the start of each file: 1 for a CSV file's header. */
  readonly skipHeaderLines?: number;
  /** What to do with bytes that are not UTF-8: stop with an error (the default), or put U+FFFD in their place. */
  readonly invalidUtf8?: 'refuse' | 'replace';
  /** Text is UTF-8; any other encoding is refused. */
  readonly encoding?: 'utf-8';
}

const OPTIONS: Readonly<Record<string, readonly unknown[] | 'count'>> = {
  compression: COMPRESSIONS,
  skipHeaderLines: 'count',
  invalidUtf8: ['refuse', 'replace'],
  encoding: ['utf-8', 'utf8'],
};

/**
 * Reads text files as one element a line, without the line's end: `p.apply(beam.io.readFromText('data/*.txt'))`.
 *
 * - A pattern is a path, absolute or from the working directory, or a `file://` URL; `*`, `**`, `?`, `[…]` and `{a,b}`
 *   match as in a shell. Files are matched when the pipeline runs, in a stable order; several patterns may
 *   name a file, and it is read once.
 * - Lines end with LF or CRLF, the last one may have no end. Empty lines are elements. A byte order mark is dropped.
 * - Files that end in ".gz" are uncompressed.
 * - Every element has the earliest timestamp.
 *
 * A missing file, a pattern without a match, a folder, bytes that are not UTF-8 and a damaged gzip file are
 * PipelineErrors of the run.
 *
 * @throws {TypeError} if a pattern is not a string, or an option is unknown.
 * @throws {RangeError} if an option has a value that is not supported.
 */
export function readFromText(
  patterns: string | readonly string[],
  options: ReadFromTextOptions = {},
): PTransform<Pipeline, PCollection<string>> {
  const list = requirePatterns(patterns, 'read text');
  checkOptions(options);
  const source = new TextSource({
    patterns: list,
    fileSystems: fileSystemsOf(list),
    compression: options.compression ?? 'auto',
    skipHeaderLines: options.skipHeaderLines ?? 0,
    invalidUtf8: options.invalidUtf8 ?? 'refuse',
  });
  return {
    name: 'ReadFromText',
    expand: (pipeline) => {
      const { main } = requirePipeline(pipeline, 'ReadFromText').addPrimitive({
        label: 'ReadFromText',
        spec: { kind: 'read', source },
        inputs: [],
      });
      return main as PCollection<string>; // a TextSource emits strings
    },
  };
}

function checkOptions(options: ReadFromTextOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const allowed = OPTIONS[name];
    if (allowed === undefined) {
      throw new TypeError(
        `Cannot read text as its options are ${Object.keys(OPTIONS).join(', ')}: received ${name}`,
      );
    }
    if (value === undefined) continue;
    if (allowed === 'count') {
      if (Number.isSafeInteger(value) && Number(value) >= 0) continue;
      throw new RangeError(`Cannot read text as ${name} must be an integer >= 0: received ${String(value)}`);
    }
    requireOneOf(value, allowed, { action: 'read text', name });
  }
}
