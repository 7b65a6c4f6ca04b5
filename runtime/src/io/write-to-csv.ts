import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { cellText, requireCells } from './cell-text.ts';
import { requireDelimiter } from './read-from-csv.ts';
import { rowToWrite } from './row-check-of-file.ts';
import { LineFormat } from './shard-format.ts';
import { textHash, WRITE_FILES_OPTIONS, writeFiles, type WriteFilesOptions } from './write-files.ts';

/** How writeToCsv writes. */
export interface WriteToCsvOptions<R> extends WriteFilesOptions {
  /** The columns, in their order. */
  readonly schema: RowSchema<R>;
  /** Between cells; "," unless told otherwise. */
  readonly delimiter?: string;
  /** Whether each file begins with the columns' names: so unless told otherwise. */
  readonly header?: boolean;
}

const ACTION = 'write CSV';

/**
 * Writes rows as CSV files: `rows.apply(beam.io.writeToCsv('out/rows', { schema, suffix: '.csv' }))`.
 *
 * - Files are as those of `writeToText`: sharded, atomic, compressed by suffix, by window and pane with `windowedWrites`.
 * - A null is an empty cell and an empty string `""`, so that `readFromCsv` gives back what was written.
 *
 * @throws {PipelineError} for a field that no cell holds: bytes, arrays, maps, rows; and when it runs, for an element that does
 *   not match the schema. @see RFC 4180; Beam Python's WriteToCsv
 */
export function writeToCsv<R>(
  prefix: string,
  options: WriteToCsvOptions<R>,
): PTransform<PCollection<R>, PCollection<string>> {
  const {
    schema,
    delimiter = ',',
    header = true,
    ...files
  } = requireOptions(options, ACTION, [...WRITE_FILES_OPTIONS, 'schema', 'delimiter', 'header']);
  if ((schema as unknown) === undefined) {
    throw new TypeError(`Cannot ${ACTION} as schema must be made by beam.schema: received none`);
  }
  requireDelimiter(delimiter, ACTION);
  requireCells(schema.schema, ACTION);
  const names = schema.schema.fields.map(({ name }) => name);
  return writeFiles<R, string>(prefix, files, {
    name: 'WriteToCsv',
    action: ACTION,
    format: new LineFormat({ before: header ? `${csvLine(names, delimiter)}\n` : '' }),
    recordOf: (element) => {
      const row = rowToWrite(element, schema, ACTION) as Readonly<Record<string, unknown>>; // of these names
      return csvLine(
        names.map((name) => row[name]),
        delimiter,
      );
    },
    hash: textHash,
  });
}

function csvLine(values: readonly unknown[], delimiter: string): string {
  return values.map((value) => csvCell(value, delimiter)).join(delimiter);
}

function csvCell(value: unknown, delimiter: string): string {
  if (value === null || value === undefined) return '';
  const text = cellText(value);
  const isPlain = text !== '' && !text.includes(delimiter) && !/["\r\n\ufeff]|^\s|\s$/u.test(text);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
