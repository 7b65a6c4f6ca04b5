import { Readable } from 'node:stream';

import type { Schema as AvroSchema } from 'avsc';

import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { avroType, fromAvro, type FromAvro } from './avro-types.ts';
import { FileError, fileError } from './file-error.ts';
import { fileBytes } from './file-bytes.ts';
import type { FileSystems } from './file-systems.ts';
import { fileShards, filesFingerprint, type FileShard } from './input-files.ts';
import { rowOfFile } from './row-check-of-file.ts';

/** The rows of Avro files: what `readFromAvro` reads, a block at a time. */
export class AvroSource<R> implements BoundedSource<R, FileShard> {
  readonly patterns: readonly string[];
  readonly compression = 'none';
  readonly fileSystems: FileSystems;
  readonly schema: RowSchema<R> | undefined;

  constructor(options: {
    readonly patterns: readonly string[];
    readonly fileSystems: FileSystems;
    readonly schema: RowSchema<R> | undefined;
  }) {
    this.patterns = options.patterns;
    this.fileSystems = options.fileSystems;
    this.schema = options.schema;
  }

  shards(): Promise<readonly FileShard[]> {
    return fileShards(this);
  }

  async read(
    shard: FileShard,
    { emit, signal, reportBytes }: Parameters<BoundedSource<R>['read']>[1],
  ): Promise<void> {
    const { default: avro } = await import('avsc');
    const { schema } = this;
    let convert: FromAvro | undefined;
    const decoder = new avro.streams.BlockDecoder({
      parseHook: (written: AvroSchema) => {
        convert = fromAvro(written);
        return avroType(written, avro);
      },
    });
    const { fileSystems } = this;
    const raw = Readable.from(
      copies(fileBytes(shard.path, { size: shard.bytes, compression: 'none', fileSystems, reportBytes })),
    );
    raw.on('error', (error) => decoder.destroy(error));
    raw.pipe(decoder);
    let count = 0;
    try {
      for await (const value of decoder.iterator({ destroyOnReturn: true })) {
        count += 1;
        const row: unknown = convert?.(value);
        const where = () => `record ${count} of "${shard.description}"`;
        await this.#emit(row, { emit, schema, where });
        if (signal.aborted) throw signal.reason;
      }
    } catch (error) {
      throw refused(error, { shard, count, signal });
    } finally {
      raw.destroy();
      decoder.destroy();
    }
  }

  fingerprint(): Promise<string> {
    return filesFingerprint(this, ['avro', this.schema?.schema]);
  }

  #emit(
    row: unknown,
    options: {
      readonly emit: Emit<R>;
      readonly schema: RowSchema<R> | undefined;
      readonly where: () => string;
    },
  ): void | Promise<void> {
    const { emit, schema, where } = options;
    if (schema === undefined) return emit(row as R, MIN_TIMESTAMP); // what the file has
    const object = row as Readonly<Record<string, unknown>>; // a record, as the file says
    const wanted = Object.fromEntries(schema.schema.fields.map(({ name }) => [name, object[name] ?? null]));
    return emit(
      rowOfFile(wanted, schema, { where, text: () => Object.values(object).map(String).join(', ') }),
      MIN_TIMESTAMP,
    );
  }
}

async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

function refused(
  error: unknown,
  {
    shard,
    count,
    signal,
  }: { readonly shard: FileShard; readonly count: number; readonly signal: AbortSignal },
): unknown {
  if (signal.aborted) return signal.reason;
  const known = fileError('read', shard.description, error);
  if (known !== error || known instanceof FileError || !(error instanceof Error)) return known;
  if (!/avro|magic|codec|schema|sync|truncated|invalid|data|length/i.test(error.message)) return error;
  return new FileError(
    `Cannot read "${shard.description}" after ${count} records as it must be an Avro file of the codec deflate or null: ${error.message}`,
    { hint: 'Check that it was written to its end; write it with the codec deflate', cause: error },
  );
}
