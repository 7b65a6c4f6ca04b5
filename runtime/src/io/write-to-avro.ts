import { OutputBytes } from '../coders/output-bytes.ts';
import { RowCoder, type Row } from '../coders/row.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { requireOptions } from '../transforms/require-options.ts';
import { AvroFormat } from './avro-format.ts';
import { avroSchema } from './avro-types.ts';
import { requireOneOf } from './require-one-of.ts';
import { rowToWrite } from './row-check-of-file.ts';
import { bytesHash, writeFiles, type WriteFilesOptions } from './write-files.ts';

/** How writeToAvro writes. */
export interface WriteToAvroOptions<R> extends Omit<WriteFilesOptions, 'compression'> {
  readonly schema: RowSchema<R>;
  /** How blocks are compressed; deflate unless told otherwise. */
  readonly codec?: 'deflate' | 'null';
}

const ACTION = 'write Avro';

/**
 * Writes rows as Avro files: `rows.apply(beam.io.writeToAvro('out/rows', { schema, suffix: '.avro' }))`.
 *
 * Files are as those of `writeToText`: sharded, atomic, by window and pane with `windowedWrites`.
 *
 * @throws {TypeError} for a field that Avro does not hold exactly, by name, as maps of other keys than strings and decimals; when it
 *   runs, a FileError for an element that does not match. @see Beam Python's WriteToAvro
 */
export function writeToAvro<R>(
  prefix: string,
  options: WriteToAvroOptions<R>,
): PTransform<PCollection<R>, PCollection<string>> {
  const {
    schema,
    codec = 'deflate',
    ...files
  } = requireOptions(options, ACTION, ['suffix', 'numShards', 'windowedWrites', 'schema', 'codec']);
  if ((schema as unknown) === undefined) {
    throw new TypeError(`Cannot ${ACTION} as schema must be made by beam.schema: received none`);
  }
  requireOneOf(codec, ['deflate', 'null'], { action: ACTION, name: 'codec' });
  avroSchema(schema.schema, ACTION);
  return writeFiles<R, Row>(
    prefix,
    { ...files, compression: 'none' },
    {
      name: 'WriteToAvro',
      action: ACTION,
      format: new AvroFormat({ schema: schema.schema, codec }),
      recordOf: (element) => rowToWrite(element, schema, ACTION) as Row, // of this schema
      hash: rowHash(schema as RowSchema),
    },
  );
}

/** A number by a row's bytes. */
export function rowHash({ schema }: RowSchema): (row: Row) => number {
  return (row) => {
    const bytes = new OutputBytes(256);
    new RowCoder(schema).encode(row, bytes);
    return bytesHash(bytes.take());
  };
}
