import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { COMPRESSIONS, type CompressionOption } from './compression.ts';
import { fileSystemsOf } from './file-systems.ts';
import { JsonSource } from './json-source.ts';
import { requireStringKeys } from './json-values.ts';
import { readSource } from './read-files.ts';
import { requireOneOf } from './require-one-of.ts';
import { requirePatterns } from './require-patterns.ts';

/** How readFromJson reads. */
export interface ReadFromJsonOptions<R> {
  /** Types of the rows; without it elements are what JSON.parse gives. */
  readonly schema?: RowSchema<R>;
  /** One value a line (the default), or with `false` one array, whose elements are read one after another. */
  readonly lines?: boolean;
  /** As in `readFromText`. */
  readonly compression?: CompressionOption;
}

const ACTION = 'read JSON';

/**
 * Reads JSON files: `p.apply(beam.io.readFromJson('events.jsonl', { schema }))`, `readFromJson('cars.json', { lines: false })`.
 *
 * - With a schema, its fields are taken, a missing one is null, others are left out. An int64 and a double may also be strings, so
 *   that integers beyond 2^53, `"NaN"` and `"Infinity"` can be written; bytes are base64, instants ISO 8601, maps objects.
 *   An int64 that stands as a number beyond 2^53 is refused, as JavaScript would round it.
 * - Both forms are read in memory of some chunks. Empty lines are left out.
 *
 * What is no JSON or does not match is a FileError of the run with file, line (or element) and text.
 *
 * @throws {TypeError | RangeError} for options that are none. @see Beam Python's ReadFromJson
 */
export function readFromJson<R = unknown>(
  patterns: string | readonly string[],
  options: ReadFromJsonOptions<R> = {},
): PTransform<Pipeline, PCollection<R>> {
  const list = requirePatterns(patterns, ACTION);
  const {
    schema,
    lines = true,
    compression = 'auto',
  } = requireOptions(options, ACTION, ['schema', 'lines', 'compression']);
  requireOneOf(compression, COMPRESSIONS, { action: ACTION, name: 'compression' });
  requireOneOf(lines, [true, false], { action: ACTION, name: 'lines' });
  for (const { name, type } of schema?.schema.fields ?? [])
    requireStringKeys(type, { path: name, action: ACTION });
  const fileSystems = fileSystemsOf(list);
  return readSource(
    'ReadFromJson',
    new JsonSource<R>({ patterns: list, compression, fileSystems, lines, schema }),
  );
}
