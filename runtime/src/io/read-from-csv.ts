import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { requireCells } from './cell-text.ts';
import { COMPRESSIONS, type CompressionOption } from './compression.ts';
import { CsvSource } from './csv-source.ts';
import { fileSystemsOf } from './file-systems.ts';
import { readSource } from './read-files.ts';
import { requireOneOf } from './require-one-of.ts';
import { requirePatterns } from './require-patterns.ts';

/** How readFromCsv reads. */
export interface ReadFromCsvOptions<R> {
  /** Types of the columns to read, found by their names: `beam.schema({ iata: 'string', latitude: 'double' })`. */
  readonly schema?: RowSchema<R>;
  /** Between cells; "," unless told otherwise. */
  readonly delimiter?: string;
  /** Whether the first line names the columns (the default); or the names. With `false` they are the schema's, in its order. */
  readonly header?: boolean | readonly string[];
  /** As in `readFromText`. */
  readonly compression?: CompressionOption;
}

const ACTION = 'read CSV';

/**
 * Reads CSV files as rows: `p.apply(beam.io.readFromCsv('airports.csv', { schema: beam.schema({ … }) }))`.
 *
 * - With a schema, its fields are read and typed, and other columns left out; without, all columns are strings.
 * - A cell that is empty and not in quotes is null, or "" where a string may not be null. `""` is an empty string.
 * - Numbers are as JavaScript writes them (also `NaN`, `-Infinity`), booleans `true` and `false` in any case, instants ISO 8601.
 * - Patterns are those of `readFromText`. A file is read by one worker, in memory of some chunks.
 * - A line that is no CSV, has other than the header's number of fields, or does not match the schema is a FileError of the run
 *   with file, line and text.
 *
 * @throws {TypeError | RangeError} for options that are none. @throws {PipelineError} for a field that no cell holds.
 * @see Beam Python's ReadFromCsv
 */
export function readFromCsv<R = Readonly<Record<string, string>>>(
  patterns: string | readonly string[],
  options: ReadFromCsvOptions<R> = {},
): PTransform<Pipeline, PCollection<R>> {
  const list = requirePatterns(patterns, ACTION);
  const {
    schema,
    delimiter = ',',
    header = true,
    compression = 'auto',
  } = requireOptions(options, ACTION, ['schema', 'delimiter', 'header', 'compression']);
  requireOneOf(compression, COMPRESSIONS, { action: ACTION, name: 'compression' });
  requireDelimiter(delimiter, ACTION);
  if (schema !== undefined) requireCells(schema.schema, ACTION);
  if (header === false && schema === undefined) {
    throw new TypeError(
      `Cannot ${ACTION} as columns must have names: received header false and no schema; give the names as header`,
    );
  }
  const fileSystems = fileSystemsOf(list);
  return readSource(
    'ReadFromCsv',
    new CsvSource<R>({ patterns: list, compression, fileSystems, delimiter, header, schema }),
  );
}

/** @throws {RangeError} for what cannot stand between cells. */
export function requireDelimiter(delimiter: unknown, action: string): void {
  if (typeof delimiter === 'string' && delimiter.length === 1 && !'"\r\n'.includes(delimiter)) return;
  throw new RangeError(
    `Cannot ${action} as delimiter must be one character, no quote and no line end: received ${JSON.stringify(delimiter)}`,
  );
}
