import zlib from 'node:zlib';

import type { Row } from '../coders/row.ts';
import type { Schema } from '../model/schema.ts';
import { FileError } from './file-error.ts';
import { parquetElements } from './parquet-types.ts';
import type { ShardFormat } from './shard-format.ts';
import { toParquet } from './to-parquet.ts';

/** How columns are compressed. */
export type ParquetCodec = 'snappy' | 'gzip' | 'zstd' | 'none';

const CODECS = { snappy: 'SNAPPY', gzip: 'GZIP', zstd: 'ZSTD', none: 'UNCOMPRESSED' } as const;

/** A Parquet file of rows, a row group at a time. */
export class ParquetFormat implements ShardFormat<Row> {
  readonly schema: Schema;
  readonly codec: ParquetCodec;
  readonly rowGroupSize: number;

  constructor(options: {
    readonly schema: Schema;
    readonly codec: ParquetCodec;
    readonly rowGroupSize: number;
  }) {
    this.schema = options.schema;
    this.codec = options.codec;
    this.rowGroupSize = options.rowGroupSize;
  }

  async *chunks(rows: Iterable<Row>): AsyncGenerator<Uint8Array, void, void> {
    const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
    const { fields } = this.schema;
    const schema = [
      { name: 'schema', num_children: fields.length },
      ...fields.flatMap(({ name, type }) => parquetElements(name, type)),
    ];
    const writer = new ByteWriter();
    const compressors = { GZIP: gzip, ZSTD: (bytes: Uint8Array) => zstd()(bytes) };
    const parquet = new ParquetWriter({ writer, schema, codec: CODECS[this.codec], compressors });
    const written = () => {
      const bytes = Uint8Array.from(writer.getBytes());
      writer.index = 0;
      return bytes;
    };
    let group: Row[] = [];
    const writeGroup = async () => {
      const columnData = fields.map(({ name, type }) => {
        const data = group.map((row) => toParquet(row[name], type));
        // A dictionary takes -0 for 0.
        return type.kind === 'double' || type.kind === 'float'
          ? { name, data, encoding: 'PLAIN' as const }
          : { name, data };
      });
      await parquet.write({ columnData, rowGroupSize: group.length });
      group = [];
      return written();
    };
    for (const row of rows) {
      group.push(row);
      if (group.length === this.rowGroupSize) yield await writeGroup();
    }
    if (group.length > 0) yield await writeGroup();
    await parquet.finish();
    yield written();
  }
}

function gzip(bytes: Uint8Array): Uint8Array {
  return zlib.gzipSync(bytes);
}

/** @throws {FileError} if this Node has none: from 22.15 on it has. */
export function zstd(): (bytes: Uint8Array) => Uint8Array {
  const compress: unknown = Reflect.get(zlib, 'zstdCompressSync');
  if (typeof compress === 'function') return compress as (bytes: Uint8Array) => Uint8Array;
  throw new FileError(
    `Cannot write as the codec zstd needs Node 22.15 or later: received Node ${process.versions.node}`,
    { hint: 'Use snappy or gzip, or run a later Node' },
  );
}
