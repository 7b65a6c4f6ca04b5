import type { Row } from '../coders/row.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { fileSystemsOf } from './file-systems.ts';
import { ParquetSource } from './parquet-source.ts';
import { readSource } from './read-files.ts';
import { requirePatterns } from './require-patterns.ts';

/** How readFromParquet reads. */
export interface ReadFromParquetOptions<R> {
  /** Columns to read; all, or those of the schema, unless told otherwise. Others cost nothing. */
  readonly columns?: readonly string[];
  /** Types of the rows, which are checked; without it they are what the file says. */
  readonly schema?: RowSchema<R>;
}

const ACTION = 'read Parquet';

/**
 * Reads Parquet files as rows: `p.apply(beam.io.readFromParquet('flights.parquet', { columns: ['origin', 'delay'] }))`.
 *
 * - Integers of 64 bits are numbers where that is exact, else bigints; instants of milliseconds Dates, others `{ seconds, micros }`
 *   or `{ seconds, subseconds }` as Beam's `micros_instant` and `timestamp(9)`, and Dates where the schema says `millis_instant`
 *   and no digit is lost; days, times and decimals texts; lists arrays, structs objects.
 * - Row groups are read apart, each as a whole: memory is that of the columns of one.
 * - Codecs are snappy, gzip, zstd and brotli; lz4 is refused.
 *
 * A column with a type that rows have not (a map, an interval) and a damaged file are FileErrors of the run.
 *
 * @throws {TypeError} for options that are none. @see Beam Python's ReadFromParquet
 */
export function readFromParquet<R = Row>(
  patterns: string | readonly string[],
  options: ReadFromParquetOptions<R> = {},
): PTransform<Pipeline, PCollection<R>> {
  const list = requirePatterns(patterns, ACTION);
  const { columns, schema } = requireOptions(options, ACTION, ['columns', 'schema']);
  const fileSystems = fileSystemsOf(list);
  return readSource(
    'ReadFromParquet',
    new ParquetSource<R>({ patterns: list, fileSystems, columns, schema }),
  );
}
