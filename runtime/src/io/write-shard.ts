import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { pipeline, Readable } from 'node:stream';

import type { DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import { compressing, type Compression } from './compression.ts';
import { fileError } from './file-error.ts';
import { fileSystemOf, type FileSystems } from './file-systems.ts';
import { shownFile } from './input-files.ts';
import type { ShardFormat } from './shard-format.ts';
import { shardPath, temporaryPath, type ShardTarget } from './shard-name.ts';

/** What a shard's file holds, and where. */
export interface WriteShardOptions {
  readonly target: ShardTarget;
  readonly count: number;
  readonly compression: Compression;
  readonly fileSystems: FileSystems;
  readonly format: ShardFormat;
}

/** A shard that is written under its temporary name. */
export interface WrittenShard {
  readonly shard: number;
  readonly temporary: string;
}

/**
 * Writes each shard to a temporary file; null among the records stands for none.
 *
 * A bundle that does not finish leaves no file: what it wrote is removed by teardown, which stops what still writes.
 */
export class WriteShard implements DoFn<KV<number, Iterable<unknown>>, WrittenShard> {
  readonly name = 'WriteShard';
  readonly options: WriteShardOptions;
  /** Made by setup, so that a DoFn that is shipped holds data only. */
  #stopping: AbortController | undefined;
  #unfinished: string[] = [];

  constructor(options: WriteShardOptions) {
    this.options = options;
  }

  setup(): void {
    this.#stopping = new AbortController();
    // As many shards listen as are written at once: more than Node takes for a leak.
    setMaxListeners(0, this.#stopping.signal);
  }

  async process({ key: shard, value: records }: KV<number, Iterable<unknown>>): Promise<WrittenShard[]> {
    const { target, count } = this.options;
    const temporary = temporaryPath(target, { shard, attempt: randomUUID() });
    this.#unfinished.push(temporary);
    const ending = this.#stopping === undefined ? {} : { signal: this.#stopping.signal };
    const fileSystem = fileSystemOf(target.folder, this.options.fileSystems);
    const final = shownFile(shardPath(target, shard, count));
    try {
      await fileSystem.write(temporary, this.#bytes(records, final), ending);
    } catch (error) {
      await fileSystem.remove(temporary).catch(() => undefined); // the write's error tells more
      throw fileError('write', final, error);
    }
    return [{ shard, temporary }];
  }

  finishBundle(): void {
    this.#unfinished = [];
  }

  async teardown(): Promise<void> {
    this.#stopping?.abort();
    const fileSystem = fileSystemOf(this.options.target.folder, this.options.fileSystems);
    for (const file of this.#unfinished) await fileSystem.remove(file);
    this.#unfinished = [];
  }

  #bytes(records: Iterable<unknown>, file: string): AsyncIterable<Uint8Array> {
    const { format, compression } = this.options;
    const chunks = bytesOf(format.chunks(withoutNulls(records)));
    const compress = compressing(compression, file);
    if (compress === undefined) return chunks;
    // A failure of either destroys the other, and so comes out of the iteration.
    return pipeline(Readable.from(chunks), compress, () => undefined);
  }
}

function* withoutNulls(records: Iterable<unknown>): Generator {
  for (const record of records) if (record !== null) yield record;
}

async function* bytesOf(
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
