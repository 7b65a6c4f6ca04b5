import { OutputBytes } from '../coders/output-bytes.ts';
import { RowCoder, type Row } from '../coders/row.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { ParquetFormat, zstd, type ParquetCodec } from './parquet-format.ts';
import { parquetElements } from './parquet-types.ts';
import { requireOneOf } from './require-one-of.ts';
import { rowToWrite } from './row-check-of-file.ts';
import { bytesHash, writeFiles, type WriteFilesOptions } from './write-files.ts';

/** How writeToParquet writes. */
export interface WriteToParquetOptions<R> extends Omit<WriteFilesOptions, 'compression'> {
  readonly schema: RowSchema<R>;
  /** How columns are compressed; snappy unless told otherwise. zstd needs Node 22.15. */
  readonly codec?: ParquetCodec;
  /** Rows in a row group, which is in memory as a whole; 100,000 unless told otherwise. */
  readonly rowGroupSize?: number;
}

const ACTION = 'write Parquet';

/**
 * Writes rows as Parquet files: `rows.apply(beam.io.writeToParquet('out/rows', { schema, suffix: '.parquet' }))`.
 *
 * Files are as those of `writeToText`: sharded, atomic, by window and pane with `windowedWrites`.
 *
 * @throws {TypeError} for a field that Parquet does not hold exactly, by name: a map, a decimal (whose digits no type tells), a time,
 *   fixed lengths; and when it runs, a FileError for an element that does not match. @see Beam Python's WriteToParquet
 */
export function writeToParquet<R>(
  prefix: string,
  options: WriteToParquetOptions<R>,
): PTransform<PCollection<R>, PCollection<string>> {
  const {
    schema,
    codec = 'snappy',
    rowGroupSize = 100_000,
    ...files
  } = requireOptions(options, ACTION, [
    'suffix',
    'numShards',
    'windowedWrites',
    'schema',
    'codec',
    'rowGroupSize',
  ]);
  if ((schema as unknown) === undefined) {
    throw new TypeError(`Cannot ${ACTION} as schema must be made by beam.schema: received none`);
  }
  requireOneOf(codec, ['snappy', 'gzip', 'zstd', 'none'], { action: ACTION, name: 'codec' });
  if (codec === 'zstd') zstd();
  if (!(Number.isSafeInteger(rowGroupSize) && rowGroupSize > 0)) {
    throw new RangeError(`Cannot ${ACTION} as rowGroupSize must be an integer > 0: received ${rowGroupSize}`);
  }
  for (const { name, type } of schema.schema.fields) parquetElements(name, type);
  return writeFiles<R, Row>(
    prefix,
    { ...files, compression: 'none' },
    {
      name: 'WriteToParquet',
      action: ACTION,
      format: new ParquetFormat({ schema: schema.schema, codec, rowGroupSize }),
      recordOf: (element) => rowToWrite(element, schema, ACTION) as Row, // of this schema
      hash: (row) => {
        const bytes = new OutputBytes(256);
        new RowCoder(schema.schema).encode(row, bytes);
        return bytesHash(bytes.take());
      },
    },
  );
}
