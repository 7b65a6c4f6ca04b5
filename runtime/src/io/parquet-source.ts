import zlib from 'node:zlib';

import type { AsyncBuffer, FileMetaData, ParquetParsers } from 'hyparquet';

import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { FileError, fileError } from './file-error.ts';
import { fileSystemOf, type FileSystems } from './file-systems.ts';
import { filesFingerprint, inputFiles, shownFile, type FileShard } from './input-files.ts';
import { fromParquet, isDecimal, isSure } from './parquet-types.ts';
import { rowOfFile } from './row-check-of-file.ts';

/** A row group of a file. */
export interface ParquetShard extends FileShard {
  readonly fileBytes: number;
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** What a ParquetSource reads. */
export interface ParquetSourceOptions<R> {
  readonly patterns: readonly string[];
  readonly fileSystems: FileSystems;
  readonly columns: readonly string[] | undefined;
  readonly schema: RowSchema<R> | undefined;
}

/** The rows of Parquet files: what `readFromParquet` reads; each row group is read alone. */
export class ParquetSource<R> implements BoundedSource<R, ParquetShard> {
  readonly patterns: readonly string[];
  readonly compression = 'none';
  readonly fileSystems: FileSystems;
  readonly columns: readonly string[] | undefined;
  readonly schema: RowSchema<R> | undefined;

  constructor(options: ParquetSourceOptions<R>) {
    this.patterns = options.patterns;
    this.fileSystems = options.fileSystems;
    this.columns = options.columns;
    this.schema = options.schema;
  }

  async shards(): Promise<readonly ParquetShard[]> {
    const shards: ParquetShard[] = [];
    for (const { path, size } of await inputFiles(this)) {
      const { row_groups: groups } = await this.#metadata(path, size);
      let rowStart = 0;
      for (const [at, group] of groups.entries()) {
        const rowEnd = rowStart + Number(group.num_rows);
        const bytes = Math.ceil(size / groups.length);
        const description = groups.length === 1 ? shownFile(path) : `${shownFile(path)} row group ${at + 1}`;
        shards.push({ path, description, bytes, fileBytes: size, rowStart, rowEnd });
        rowStart = rowEnd;
      }
    }
    return shards;
  }

  async read(
    shard: ParquetShard,
    { emit, signal }: { readonly emit: Emit<R>; readonly signal: AbortSignal },
  ): Promise<void> {
    const { path, rowStart, rowEnd } = shard;
    const metadata = await this.#metadata(path, shard.fileBytes);
    const { parquetScan, parquetSchema } = await import('hyparquet');
    const { decompress } = await import('fzstd');
    // Pure JavaScript and Node's own: WebAssembly asks for more address space than a worker may have.
    const compressors = {
      GZIP: (bytes: Uint8Array) => zlib.gunzipSync(bytes),
      BROTLI: (bytes: Uint8Array) => zlib.brotliDecompressSync(bytes),
      ZSTD: (bytes: Uint8Array) => decompress(bytes),
    };
    const tree = parquetSchema(metadata);
    const names = this.#columnsOf(
      tree.children.map(({ element }) => element.name),
      path,
    );
    const columns: [string, ArrayLike<unknown>][] = [];
    let isChecked = false;
    try {
      const scan = await parquetScan({
        file: this.#buffer(path, shard.fileBytes),
        metadata: withoutDecimals(metadata),
        columns: names,
        rowStart,
        rowEnd,
        utf8: false,
        geoparquet: false,
        compressors,
        parsers: PARSERS,
      });
      for (const name of names) {
        signal.throwIfAborted();
        const node = tree.children.find(({ element }) => element.name === name);
        if (node === undefined) continue;
        const type = this.schema?.schema.fields.find((field) => field.name === name)?.type;
        const convert = fromParquet(node, type, name);
        const data = await scan.readColumn({ column: name, rowStart, rowEnd });
        const values = new Array<unknown>(data.length);
        let hasNull = false;
        for (let at = 0; at < data.length; at++) {
          const value = convert(data[at]);
          hasNull ||= value === null;
          values[at] = value;
        }
        if (type !== undefined && (!isSure(node.element, type) || (hasNull && !type.nullable)))
          isChecked = true;
        columns.push([name, values]);
      }
    } catch (error) {
      throw refused(error, path, signal);
    }
    // Most rows need no check: the file's types are the schema's.
    await this.#emitRows(columns, { shard, emit, signal, schema: isChecked ? this.schema : undefined });
  }

  fingerprint(): Promise<string> {
    return filesFingerprint(this, ['parquet', this.columns, this.schema?.schema]);
  }

  async #emitRows(
    columns: readonly (readonly [string, ArrayLike<unknown>])[],
    options: {
      readonly shard: ParquetShard;
      readonly emit: Emit<R>;
      readonly signal: AbortSignal;
      readonly schema: RowSchema<R> | undefined;
    },
  ): Promise<void> {
    const { shard, emit, signal, schema } = options;
    const count = shard.rowEnd - shard.rowStart;
    for (let at = 0; at < count; at++) {
      const row: Record<string, unknown> = {};
      for (const [name, values] of columns) {
        // A field may be named so, and an assignment would set no property.
        if (name === '__proto__') Object.defineProperty(row, name, { value: values[at], enumerable: true });
        else row[name] = values[at];
      }
      const wait = emit(
        schema === undefined ? (row as R) : checkedRow(row, schema, { shard, at }),
        MIN_TIMESTAMP,
      );
      if (wait !== undefined) await wait;
      if (signal.aborted) throw signal.reason;
    }
  }

  #columnsOf(there: readonly string[], path: string): string[] {
    const wanted = this.columns ?? this.schema?.schema.fields.map(({ name }) => name) ?? there;
    const missing = wanted.find((name) => !there.includes(name));
    if (missing === undefined) return [...wanted];
    throw new FileError(
      `Cannot read "${shownFile(path)}" as it must have the column "${missing}": received ${there.join(', ')}`,
      { hint: 'Check the names in columns or schema' },
    );
  }

  async #metadata(path: string, size: number): Promise<FileMetaData> {
    const { parquetMetadataAsync } = await import('hyparquet');
    try {
      return await parquetMetadataAsync(this.#buffer(path, size), { geoparquet: false });
    } catch (error) {
      throw refused(error, path);
    }
  }

  #buffer(path: string, byteLength: number): AsyncBuffer {
    const fileSystem = fileSystemOf(path, this.fileSystems);
    return {
      byteLength,
      async slice(start, end = byteLength) {
        const parts: Uint8Array[] = [];
        const from = start < 0 ? Math.max(0, byteLength + start) : start;
        for await (const chunk of fileSystem.read(path, { from, to: end }))
          parts.push(Uint8Array.from(chunk));
        const all =
          parts.length === 1 && parts[0] !== undefined ? parts[0] : new Uint8Array(Buffer.concat(parts));
        // Made by us, so all of its buffer is its own.
        return all.buffer as ArrayBuffer;
      },
    };
  }
}

function checkedRow<R>(
  row: Readonly<Record<string, unknown>>,
  schema: RowSchema<R>,
  { shard, at }: { readonly shard: ParquetShard; readonly at: number },
): R {
  return rowOfFile(row, schema, {
    where: () => `row ${shard.rowStart + at + 1} of "${shownFile(shard.path)}"`,
    text: () =>
      Object.entries(row)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(', '),
  });
}

/** Values as they are stored: what they become is for the schema to say. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => count,
  timestampFromMicroseconds: (count) => count,
  timestampFromNanoseconds: (count) => count,
  dateFromDays: (days) => days,
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
};

/** hyparquet gives decimals as doubles; without their mark, as the integers that they are. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (!isDecimal(element)) return element;
    const rest = { ...element };
    delete rest.converted_type;
    delete rest.logical_type;
    return rest;
  });
  return { ...metadata, schema };
}

function refused(error: unknown, path: string, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason;
  const known = fileError('read', shownFile(path), error);
  if (known !== error || known instanceof FileError || !(error instanceof Error)) return known;
  return new FileError(`Cannot read "${shownFile(path)}" as it must be a Parquet file: ${error.message}`, {
    hint: 'Check that it was written to its end, and copy it again',
    cause: error,
  });
}
