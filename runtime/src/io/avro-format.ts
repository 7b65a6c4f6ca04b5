import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';

import type { Row } from '../coders/row.ts';
import type { Schema } from '../model/schema.ts';
import { avroSchema, avroType, toAvro } from './avro-types.ts';
import type { ShardFormat } from './shard-format.ts';

/** An Avro object container file of rows. @see https://avro.apache.org/docs/1.12.0/specification/#object-container-files */
export class AvroFormat implements ShardFormat<Row> {
  readonly schema: Schema;
  readonly codec: 'deflate' | 'null';

  constructor(options: { readonly schema: Schema; readonly codec: 'deflate' | 'null' }) {
    this.schema = options.schema;
    this.codec = options.codec;
  }

  async *chunks(rows: Iterable<Row>): AsyncGenerator<Uint8Array, void, void> {
    const { default: avro } = await import('avsc');
    const written = avroSchema(this.schema, 'write Avro');
    const text = Buffer.from(JSON.stringify(written));
    const syncMarker = createHash('sha256').update(text).digest().subarray(0, 16);
    // avsc's own header would leave out logical types, which it does not know.
    const header = avro.Type.forSchema({ type: 'map', values: 'bytes' });
    const about = { 'avro.schema': text, 'avro.codec': Buffer.from(this.codec) };
    yield Buffer.concat([Buffer.from('Obj\u0001'), header.toBuffer(about), syncMarker]);
    const encoder = new avro.streams.BlockEncoder(avroType(written, avro), {
      codec: this.codec,
      writeHeader: false,
      syncMarker,
    });
    const row = { kind: 'row', nullable: false, schema: this.schema } as const;
    // A failure of either destroys the other, and so comes out of the iteration.
    pipeline(Readable.from(values(rows, (one) => toAvro(one, row))), encoder, () => undefined);
    for await (const chunk of encoder) yield chunk as Buffer; // a stream without encoding gives Buffers
  }
}

function* values(rows: Iterable<Row>, convert: (row: Row) => unknown): Generator {
  for (const row of rows) yield convert(row);
}
