import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePipeline } from '../transforms/require-input.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { requireOneOf } from './require-one-of.ts';
import { requirePatterns } from './require-patterns.ts';
import { WatchedTextSource } from './watched-text-source.ts';

/** How watchText watches. */
export interface WatchTextOptions {
  /** How often to look for what is new; every second unless told otherwise. */
  readonly pollInterval?: Duration;
  /** Ends when nothing new came for so long; never, unless told otherwise. */
  readonly terminateWhen?: { readonly noNewFor: Duration };
  /** Of files that are there when reading begins, read all lines (the default), or those that are written from now on. */
  readonly readFrom?: 'start' | 'end';
  /** What to do with bytes that are not UTF-8: stop with an error (the default), or put U+FFFD in their place. */
  readonly invalidUtf8?: 'refuse' | 'replace';
}

const ACTION = 'watch text';

/**
 * Reads lines of text files as they are written: of files that grow, as `tail -F` does, and of files that come to a
 * folder: `p.apply(beam.io.watchText('logs/*.log'))`. The PCollection is unbounded.
 *
 * - A pattern is one of `readFromText`; it need not match yet. New files are read in the order of their paths.
 * - A line is an element once its end is written. What has no line end when the watching ends by `terminateWhen` is a
 *   line then.
 * - An element's timestamp is the time at which it was read, and the watermark is the time of the last look.
 * - A file is known by its inode, whatever its name: one that was renamed (`app.log` to `app.log.1`) goes on where it was, if
 *   its new name is watched too. What was written to it between the last look and the renaming is seen only then.
 * - A file that was cut, written anew or replaced is read from its start. To see that, the last 128 bytes that were read
 *   are compared whenever a file has changed.
 * - A file that was deleted is forgotten. Gzip and other compressed files are refused.
 * - Cost: each look lists the folders and reads no file that has not changed. What is remembered, and goes into a job's
 *   checkpoints, is about 400 bytes a file.
 *
 * A folder, bytes that are not UTF-8, and what may not be read are PipelineErrors of the run.
 *
 * @throws {TypeError} if a pattern is not a string, or an option is unknown.
 * @throws {RangeError} if an option has a value that is not supported.
 * @see Beam Java's TextIO.watchForNewFiles, which reads each file once, whole
 */
export function watchText(
  patterns: string | readonly string[],
  options: WatchTextOptions = {},
): PTransform<Pipeline, PCollection<string>> {
  const list = requirePatterns(patterns, ACTION);
  const {
    pollInterval = 1000,
    terminateWhen,
    readFrom = 'start',
    invalidUtf8 = 'refuse',
  } = requireOptions(options, ACTION, ['pollInterval', 'terminateWhen', 'readFrom', 'invalidUtf8']);
  requireOneOf(readFrom, ['start', 'end'], { action: ACTION, name: 'readFrom' });
  requireOneOf(invalidUtf8, ['refuse', 'replace'], { action: ACTION, name: 'invalidUtf8' });
  const source = new WatchedTextSource({
    patterns: list,
    pollIntervalMs: durationMs(pollInterval, { action: `${ACTION} as pollInterval`, least: 1 }),
    noNewForMs: terminateWhen === undefined ? Infinity : requireNoNewFor(terminateWhen),
    readFrom,
    invalidUtf8,
  });
  return {
    name: 'WatchText',
    expand: (pipeline) =>
      requirePipeline(pipeline, 'WatchText').addPrimitive({
        label: 'WatchText',
        spec: { kind: 'readUnbounded', source, isBounded: false },
        inputs: [],
      }).main as PCollection<string>, // a WatchedTextSource emits strings
  };
}

function requireNoNewFor(terminateWhen: NonNullable<WatchTextOptions['terminateWhen']>): number {
  const { noNewFor } = requireOptions(terminateWhen, `${ACTION} with terminateWhen`, ['noNewFor']);
  return durationMs(noNewFor, { action: `${ACTION} as terminateWhen.noNewFor`, least: 1 });
}
