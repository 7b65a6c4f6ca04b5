import path from 'node:path';

import type { DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PaneInfo } from '../model/pane-info.ts';
import { paneInfoParam, windowParam, type ElementParam } from '../model/par-do-param.ts';
import type { PCollection } from '../model/pcollection.ts';
import { P } from '../model/pipeline.ts';
import { withName, type PTransform } from '../model/ptransform.ts';
import type { BoundedWindow } from '../model/window.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../model/windowing-strategy.ts';
import { create } from '../transforms/create.ts';
import { flatten } from '../transforms/flatten.ts';
import { groupByKey } from '../transforms/group-by-key.ts';
import { requirePCollection } from '../transforms/require-input.ts';
import { COMPRESSIONS, compressionOf, type CompressionOption } from './compression.ts';
import { fileSystemsOf, schemeOf, type FileSystems } from './file-systems.ts';
import { FinalizeShards } from './finalize-shards.ts';
import { localPath } from './local-path.ts';
import { requireOneOf } from './require-one-of.ts';
import type { ShardFormat } from './shard-format.ts';
import type { ShardTarget } from './shard-name.ts';
import { windowedBase } from './windowed-name.ts';
import { WriteShard, type WrittenShard } from './write-shard.ts';

/** What every writer of files takes. */
export interface WriteFilesOptions {
  /** Ends each file's name: ".txt". */
  readonly suffix?: string;
  /** How many files; one by default. Elements are spread by their content, so that a run again gives the same files. */
  readonly numShards?: number;
  /** By default a suffix that ends in ".gz" or ".zst" compresses, and any other does not. zstd needs Node 22.15. */
  readonly compression?: CompressionOption;
  /**
   * Writes files for each window and pane, as soon as it fires, and not one set of files at the input's end:
   * `out/words-2026-01-01T00:00:00.000Z-2026-01-01T00:01:00.000Z-pane-0-00000-of-00003.txt`. One worker writes a pane.
   */
  readonly windowedWrites?: boolean;
}

/** The names of those options. */
export const WRITE_FILES_OPTIONS = ['suffix', 'numShards', 'compression', 'windowedWrites'] as const;

/** What a format adds. */
export interface FormatOfFiles<T, R> {
  /** Full name of the transform: "WriteToText". */
  readonly name: string;
  /** What is tried, for errors: "write text". */
  readonly action: string;
  readonly format: ShardFormat<R>;
  /** A record of an element, which is never null; throws for what the format cannot hold. */
  readonly recordOf: (element: T) => R;
  /** A number by a record's content. */
  readonly hash: (record: R) => number;
}

const MOST_SHARDS = 10_000;

/** Writes elements to files; what all formats have in common. */
export function writeFiles<T, R>(
  prefix: string,
  options: WriteFilesOptions,
  files: FormatOfFiles<T, R>,
): PTransform<PCollection<T>, PCollection<string>> {
  const { name, action, recordOf, hash, format } = files;
  checkOptions(prefix, options, action);
  const { suffix = '', numShards: count = 1, compression = 'auto', windowedWrites = false } = options;
  const fileSystems = fileSystemsOf([prefix]);
  const target = targetOf(prefix, suffix, fileSystems);
  const writing = {
    target,
    count,
    compression: compressionOf(suffix, compression),
    fileSystems,
    format: format as ShardFormat,
  };
  const assign = withName('AssignShard', (element: T): KV<number, R | null> => {
    const value = recordOf(element);
    return { key: count === 1 ? 0 : hash(value) % count, value };
  });
  return {
    name,
    expand(input) {
      const sharded = requirePCollection(input, name).map(assign);
      return windowedWrites ? eachPane(sharded, writing) : atTheEnd(sharded, writing);
    },
  };
}

type Writing = WriteShard['options'];

function atTheEnd<R>(sharded: PCollection<KV<number, R | null>>, writing: Writing): PCollection<string> {
  const lines = windowed(sharded, GLOBAL_WINDOWING);
  // One element in each shard that is no record: so there is a file for a shard without records as well.
  const every = Array.from({ length: writing.count }, (_, key): KV<number, R | null> => ({
    key,
    value: null,
  }));
  const all = P([sharded.pipeline.apply(withName('EveryShard', create(every))), lines]).apply(
    flatten<KV<number, R | null>>(),
  );
  const shards = (all.isBounded ? all : windowed(all, AT_THE_END)).apply(
    withName('GroupByShard', groupByKey()),
  );
  const written = applyEffect<WrittenShard>(shards, new WriteShard(writing), {});
  const whole = written
    .map(withName('ToOneKey', (shard: WrittenShard) => ({ key: 0, value: shard })))
    .apply(withName('GroupAll', groupByKey()));
  return applyEffect<string>(whole, new FinalizeShards(writing), {});
}

/** All shards of a pane are one group, so that they fire together. */
function eachPane<R>(sharded: PCollection<KV<number, R | null>>, writing: Writing): PCollection<string> {
  const panes = sharded
    .map(withName('ToOneKey', (record: KV<number, R | null>) => ({ key: 0, value: record })))
    .apply(withName('GroupByPane', groupByKey()));
  return applyEffect<string>(panes, new WritePane(writing), { window: windowParam(), pane: paneInfoParam() });
}

interface PaneParams {
  readonly window: ElementParam<BoundedWindow>;
  readonly pane: ElementParam<PaneInfo>;
}

/**
 * Writes all files of a window and pane, and then gives them their names.
 *
 * A pane that is written again, after a failure, has the same names: it replaces what was written.
 */
class WritePane implements DoFn<KV<number, Iterable<KV<number, unknown>>>, string, PaneParams> {
  readonly name = 'WritePane';
  readonly options: Writing;
  #writers: WriteShard[] = [];

  constructor(options: Writing) {
    this.options = options;
  }

  async process(
    { value: records }: KV<number, Iterable<KV<number, unknown>>>,
    { window, pane }: PaneParams,
  ): Promise<string[]> {
    const base = windowedBase(this.options.target.base, window.lookup(), pane.lookup());
    const options = { ...this.options, target: { ...this.options.target, base } };
    const writer = new WriteShard(options);
    this.#writers.push(writer);
    writer.setup();
    const written: WrittenShard[] = [];
    for (let shard = 0; shard < options.count; shard++) {
      written.push(...(await writer.process({ key: shard, value: ofShard(records, shard) })));
    }
    const names = await new FinalizeShards(options).process({ key: 0, value: written });
    writer.finishBundle();
    return names;
  }

  finishBundle(): void {
    this.#writers = [];
  }

  async teardown(): Promise<void> {
    for (const writer of this.#writers) await writer.teardown();
    this.#writers = [];
  }
}

function* ofShard(records: Iterable<KV<number, unknown>>, shard: number): Generator {
  for (const { key, value } of records) if (key === shard) yield value;
}

/** Records of a stream are grouped as any others: when it ends. */
const AT_THE_END: WindowingStrategy = { ...GLOBAL_WINDOWING, trigger: { kind: 'afterWatermark' } };

/** Records of all windows and panes go to the same files, once all are there. */
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
function applyEffect<O>(
  input: PCollection<unknown>,
  doFn: WriteShard | FinalizeShards | WritePane,
  context: object,
): PCollection<O> {
  const { main } = input.pipeline.addPrimitive({
    label: doFn.name,
    spec: { kind: 'parDo', doFn, context, tags: [], hasEffects: true },
    inputs: [input],
  });
  return main as PCollection<O>; // all callers give the DoFn's own output type
}

/** FNV-1a over UTF-16 units. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0; // the lowest bits alone are weak
}

/** FNV-1a over bytes. */
export function bytesHash(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function targetOf(prefix: string, suffix: string, fileSystems: FileSystems): ShardTarget {
  if (Object.hasOwn(fileSystems, schemeOf(prefix))) {
    const slash = prefix.lastIndexOf('/');
    return { folder: prefix.slice(0, slash + 1), base: prefix.slice(slash + 1), suffix };
  }
  const absolute = localPath(prefix, 'write');
  if (/[/\\]$/.test(prefix)) return { folder: absolute, base: '', suffix };
  return { folder: path.dirname(absolute), base: path.basename(absolute), suffix };
}

function checkOptions(prefix: unknown, options: WriteFilesOptions, action: string): void {
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError(`Cannot ${action} as the prefix must be a path: received ${JSON.stringify(prefix)}`);
  }
  const { suffix, numShards, compression = 'auto', windowedWrites = false } = options;
  if ((suffix as unknown) !== undefined && typeof suffix !== 'string') {
    throw new TypeError(`Cannot ${action} as suffix must be a string: received ${typeof suffix}`);
  }
  if (suffix?.includes('/') === true) {
    throw new RangeError(`Cannot ${action} as suffix must not hold "/": received "${suffix}"`);
  }
  if (
    numShards !== undefined &&
    !(Number.isSafeInteger(numShards) && numShards >= 1 && numShards <= MOST_SHARDS)
  ) {
    throw new RangeError(
      `Cannot ${action} as numShards must be an integer from 1 to ${MOST_SHARDS}: received ${numShards}`,
    );
  }
  requireOneOf(compression, COMPRESSIONS, { action, name: 'compression' });
  requireOneOf(windowedWrites, [true, false], { action, name: 'windowedWrites' });
}
