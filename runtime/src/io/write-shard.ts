import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import type { DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import { fileError } from './file-error.ts';
import { shownPath } from './local-path.ts';
import { shardPath, temporaryPath, type ShardTarget } from './shard-name.ts';

/** Characters that are written at a time. */
const CHUNK_LENGTH = 256 * 1024;

/** What a shard's file holds, and where. */
export interface WriteShardOptions {
  readonly target: ShardTarget;
  readonly count: number;
  readonly gzip: boolean;
  /** Lines before and after the elements of each shard. */
  readonly header: string | undefined;
  readonly footer: string | undefined;
}

/** A shard that is written under its temporary name. */
export interface WrittenShard {
  readonly shard: number;
  readonly temporary: string;
}

/**
 * Writes each shard to a temporary file; null among the lines stands for none.
 *
 * A bundle that does not finish leaves no file: what it wrote is removed by teardown, which stops what still writes.
 */
export class WriteShard implements DoFn<KV<number, Iterable<string | null>>, WrittenShard> {
  readonly name = 'WriteShard';
  readonly options: WriteShardOptions;
  /** Made by setup, so that a DoFn that is shipped holds data only. */
  #stopping: AbortController | undefined;
  #unfinished: string[] = [];

  constructor(options: WriteShardOptions) {
    this.options = options;
  }

  async setup(): Promise<void> {
    this.#stopping = new AbortController();
    // As many shards listen as are written at once: more than Node takes for a leak.
    setMaxListeners(0, this.#stopping.signal);
    const { folder } = this.options.target;
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw fileError('write', shownPath(folder), error);
    }
  }

  async process({ key: shard, value: lines }: KV<number, Iterable<string | null>>): Promise<WrittenShard[]> {
    const { target, count, gzip } = this.options;
    const temporary = temporaryPath(target, { shard, attempt: randomUUID() });
    this.#unfinished.push(temporary);
    const chunks = Readable.from(this.#chunks(lines));
    const file = createWriteStream(temporary, { flags: 'wx' });
    const ending = this.#stopping === undefined ? {} : { signal: this.#stopping.signal };
    try {
      await (gzip ? pipeline(chunks, createGzip(), file, ending) : pipeline(chunks, file, ending));
    } catch (error) {
      await rm(temporary, { force: true });
      throw fileError('write', shownPath(shardPath(target, shard, count)), error);
    }
    return [{ shard, temporary }];
  }

  finishBundle(): void {
    this.#unfinished = [];
  }

  async teardown(): Promise<void> {
    this.#stopping?.abort();
    for (const file of this.#unfinished) await rm(file, { force: true });
    this.#unfinished = [];
  }

  *#chunks(lines: Iterable<string | null>): Generator<string, void, void> {
    const { header, footer } = this.options;
    let chunk = header === undefined ? '' : `${header}\n`;
    for (const line of lines) {
      if (line === null) continue;
      chunk += `${line}\n`;
      if (chunk.length < CHUNK_LENGTH) continue;
      yield chunk;
      chunk = '';
    }
    if (footer !== undefined) chunk += `${footer}\n`;
    if (chunk !== '') yield chunk;
  }
}
