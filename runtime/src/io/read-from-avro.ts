import type { Row } from '../coders/row.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { AvroSource } from './avro-source.ts';
import { fileSystemsOf } from './file-systems.ts';
import { readSource } from './read-files.ts';
import { requirePatterns } from './require-patterns.ts';

const ACTION = 'read Avro';

/**
 * Reads Avro files as rows: `p.apply(beam.io.readFromAvro('users-*.avro', { schema }))`.
 *
 * - A long is a number where that is exact, else a bigint; instants of milliseconds Dates, of microseconds `{ seconds, micros }`;
 *   days, times and decimals texts; maps Maps. Without a schema the rows are what the file says; with one they are checked.
 * - A file is read by one worker, a block at a time. Codecs are null and deflate.
 *
 * A union of several types, and a damaged file, are FileErrors of the run.
 *
 * @throws {TypeError} for options that are none. @see Beam Python's ReadFromAvro
 */
export function readFromAvro<R = Row>(
  patterns: string | readonly string[],
  options: { readonly schema?: RowSchema<R> } = {},
): PTransform<Pipeline, PCollection<R>> {
  const list = requirePatterns(patterns, ACTION);
  const { schema } = requireOptions(options, ACTION, ['schema']);
  return readSource(
    'ReadFromAvro',
    new AvroSource<R>({ patterns: list, fileSystems: fileSystemsOf(list), schema }),
  );
}
