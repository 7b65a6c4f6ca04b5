import path from 'node:path';

import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { P } from '../model/pipeline.ts';
import { withName, type PTransform } from '../model/ptransform.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../model/windowing-strategy.ts';
import { create } from '../transforms/create.ts';
import { flatten } from '../transforms/flatten.ts';
import { groupByKey } from '../transforms/group-by-key.ts';
import { FileError } from './file-error.ts';
import { FinalizeShards } from './finalize-shards.ts';
import { localPath } from './local-path.ts';
import type { ShardTarget } from './shard-name.ts';
import { WriteShard, type WrittenShard } from './write-shard.ts';
import { requirePCollection } from '../transforms/require-input.ts';

/** How writeToText writes. */
export interface WriteToTextOptions {
  /** Ends each file's name: ".txt". None by default. */
  readonly suffix?: string;
  /** How many files; one by default. Elements are spread by their content, so that a run again gives the same files. */
  readonly numShards?: number;
  /** A line before the elements of each file. */
  readonly header?: string;
  /** A line after the elements of each file. */
  readonly footer?: string;
  /** By default a suffix that ends in ".gz" compresses, and any other does not. */
  readonly compression?: 'auto' | 'gzip' | 'none';
}

type Sharded = KV<number, string | null>;

const OPTIONS = ['suffix', 'numShards', 'header', 'footer', 'compression'];
const MOST_SHARDS = 10_000;

/**
 * Writes elements as lines of text: `lines.apply(beam.io.writeToText('out/words', { suffix: '.txt' }))`.
 *
 * - Files are named as Beam does, `out/words-00000-of-00003.txt`, and their names are the output. The folder is made.
 * - Strings are lines; numbers, bigints and booleans are written as `String` has them. Anything else is refused:
 *   map it to a string first. (Beam's Python SDK writes the `str` of any object.)
 * - No input gives files without elements.
 * - Each file appears under its name when it is whole, and only after all were written: until then they are hidden
 *   files beside it, which a failure or an interrupt removes.
 * - A write replaces all shards of earlier ones to the same prefix and suffix, also if their number was another, so
 *   that `out/words-*` never mixes two. (Beam's Python SDK leaves those of another number.)
 * - Windows and panes do not matter: all lines go to the same files, at the end of the input.
 * - Within one file the order of the input is kept here; a distributed runner promises none.
 *
 * @throws {TypeError | RangeError} for a prefix or option that is not supported.
 */
export function writeToText<T = unknown>(
  prefix: string,
  options: WriteToTextOptions = {},
): PTransform<PCollection<T>, PCollection<string>> {
  checkOptions(prefix, options);
  const { suffix = '', numShards: count = 1, header, footer, compression = 'auto' } = options;
  const target = targetOf(prefix, suffix);
  const gzip = compression === 'gzip' || (compression === 'auto' && suffix.toLowerCase().endsWith('.gz'));
  const shardOf = (line: string) => (count === 1 ? 0 : contentHash(line) % count);
  return {
    name: 'WriteToText',
    expand(input) {
      const lines = windowed(
        requirePCollection(input, 'WriteToText').map(
          withName('AssignShard', (element: T): Sharded => {
            const value = lineOf(element);
            return { key: shardOf(value), value };
          }),
        ),
        GLOBAL_WINDOWING,
      );
      // One element in each shard that is no line: so there is a file for a shard without lines as well.
      const every = Array.from({ length: count }, (_, key): Sharded => ({ key, value: null }));
      const all = P([input.pipeline.apply(withName('EveryShard', create(every))), lines]).apply(
        flatten<Sharded>(),
      );
      const shards = (all.isBounded ? all : windowed(all, AT_THE_END)).apply(
        withName('GroupByShard', groupByKey()),
      );
      const written = applyEffect<WrittenShard>(
        shards,
        new WriteShard({ target, count, gzip, header, footer }),
      );
      const whole = written
        .map(withName('ToOneKey', (shard: WrittenShard) => ({ key: 0, value: shard })))
        .apply(withName('GroupAll', groupByKey()));
      return applyEffect<string>(whole, new FinalizeShards({ target, count }));
    },
  };
}

/** Lines of a stream are grouped as any others: when it ends. */
const AT_THE_END: WindowingStrategy = { ...GLOBAL_WINDOWING, trigger: { kind: 'afterWatermark' } };

/** Lines of all windows and panes go to the same files, once all are there. */
function windowed<T>(input: PCollection<T>, windowing: WindowingStrategy): PCollection<T> {
  if (input.windowing === windowing) return input;
  const { main } = input.pipeline.addPrimitive({
    label: 'IntoGlobalWindow',
    spec: { kind: 'windowInto', windowing },
    inputs: [input],
  });
  return main as PCollection<T>; // the elements stay as they are
}

/** A ParDo that changes the world, so that it runs each time: no cache answers for it. */
function applyEffect<O>(input: PCollection<unknown>, doFn: WriteShard | FinalizeShards): PCollection<O> {
  const { main } = input.pipeline.addPrimitive({
    label: doFn.name,
    spec: { kind: 'parDo', doFn, context: {}, tags: [], hasEffects: true },
    inputs: [input],
  });
  return main as PCollection<O>; // both callers give the DoFn's own output type
}

function lineOf(element: unknown): string {
  if (typeof element === 'string') return element;
  if (typeof element === 'number' || typeof element === 'bigint' || typeof element === 'boolean') {
    return String(element);
  }
  const what = element === null ? 'null' : Array.isArray(element) ? 'an array' : typeof element;
  throw new FileError(
    `Cannot write an element as text as it must be a string, a number, a bigint or a boolean: received ${what}`,
    { hint: 'Map elements to strings first: .map((element) => JSON.stringify(element))' },
  );
}

/** FNV-1a over UTF-16 units. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
function contentHash(line: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < line.length; i++) hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0; // the lowest bits alone are weak
}

function targetOf(prefix: string, suffix: string): ShardTarget {
  const absolute = localPath(prefix, 'write');
  if (/[/\\]$/.test(prefix)) return { folder: absolute, base: '', suffix };
  return { folder: path.dirname(absolute), base: path.basename(absolute), suffix };
}

function checkOptions(prefix: unknown, options: WriteToTextOptions): void {
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError(`Cannot write text as the prefix must be a path: received ${JSON.stringify(prefix)}`);
  }
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot write text as its options are ${OPTIONS.join(', ')}: received ${unknown}`);
  }
  const { suffix, numShards, header, footer, compression } = options;
  for (const [name, value] of Object.entries({ suffix, header, footer })) {
    const given: unknown = value; // the types do not hold in plain JavaScript
    if (given === undefined || typeof given === 'string') continue;
    throw new TypeError(`Cannot write text as ${name} must be a string: received ${typeof given}`);
  }
  if (suffix?.includes('/') === true) {
    throw new RangeError(`Cannot write text as suffix must not hold "/": received "${suffix}"`);
  }
  if (
    numShards !== undefined &&
    !(Number.isSafeInteger(numShards) && numShards >= 1 && numShards <= MOST_SHARDS)
  ) {
    throw new RangeError(
      `Cannot write text as numShards must be an integer from 1 to ${MOST_SHARDS}: received ${numShards}`,
    );
  }
  if (compression !== undefined && !['auto', 'gzip', 'none'].includes(compression)) {
    throw new RangeError(
      `Cannot write text as compression must be auto, gzip or none: received ${compression}`,
    );
  }
}
