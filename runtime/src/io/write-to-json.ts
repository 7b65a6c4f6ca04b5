import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { describeValue } from '../model/describe-value.ts';
import { FileError } from './file-error.ts';
import { requireStringKeys, rowJson } from './json-values.ts';
import { requireOneOf } from './require-one-of.ts';
import { rowToWrite } from './row-check-of-file.ts';
import { LineFormat } from './shard-format.ts';
import { textHash, WRITE_FILES_OPTIONS, writeFiles, type WriteFilesOptions } from './write-files.ts';

/** How writeToJson writes. */
export interface WriteToJsonOptions<R> extends WriteFilesOptions {
  /** Types of the rows; without it elements are what JSON.stringify makes of them. */
  readonly schema?: RowSchema<R>;
  /** One value a line (the default), or with `false` one array in each file. */
  readonly lines?: boolean;
}

const ACTION = 'write JSON';

/**
 * Writes JSON files: `rows.apply(beam.io.writeToJson('out/rows', { schema, suffix: '.jsonl' }))`.
 *
 * Files are as those of `writeToText`: sharded, atomic, compressed by suffix, by window and pane with `windowedWrites`. With a
 * schema, `readFromJson` gives back what was written, exactly.
 *
 * @throws {TypeError} for maps whose keys are no strings; when it runs, a FileError for what JSON or the schema has not.
 */
export function writeToJson<R = unknown>(
  prefix: string,
  options: WriteToJsonOptions<R> = {},
): PTransform<PCollection<R>, PCollection<string>> {
  const {
    schema,
    lines = true,
    ...files
  } = requireOptions(options, ACTION, [...WRITE_FILES_OPTIONS, 'schema', 'lines']);
  requireOneOf(lines, [true, false], { action: ACTION, name: 'lines' });
  for (const { name, type } of schema?.schema.fields ?? [])
    requireStringKeys(type, { path: name, action: ACTION });
  return writeFiles<R, string>(prefix, files, {
    name: 'WriteToJson',
    action: ACTION,
    format: lines
      ? new LineFormat({})
      : new LineFormat({ before: '[\n', between: ',\n', end: '\n', after: ']\n' }),
    recordOf: (element) =>
      schema === undefined
        ? plainJson(element)
        : rowJson(rowToWrite(element, schema, ACTION) as Readonly<Record<string, unknown>>, schema.schema), // its rows
    hash: textHash,
  });
}

/** JSON.stringify drops or changes what JSON has not; here it is refused. */
function plainJson(element: unknown): string {
  const text: unknown = JSON.stringify(
    element,
    function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
      const isLost =
        typeof value === 'bigint' ||
        typeof value === 'function' ||
        typeof value === 'symbol' ||
        (typeof value === 'number' && !Number.isFinite(value)) ||
        value instanceof Map ||
        value instanceof Set ||
        value instanceof Uint8Array;
      if (!isLost) return value;
      throw new FileError(
        `Cannot write an element as JSON as JSON has no ${describeValue(value)}: received it as "${key}"`,
        {
          hint: 'Give a schema, or map elements to plain values first',
        },
      );
    },
  );
  if (typeof text === 'string') return text;
  throw new FileError(
    `Cannot write an element as JSON as it must be a value that JSON has: received ${describeValue(element)}`,
    {
      hint: 'Map elements to plain values first',
    },
  );
}
