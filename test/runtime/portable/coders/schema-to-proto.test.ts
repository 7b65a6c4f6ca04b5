import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';

import type { Schema } from '../../../../runtime/src/model/schema.ts';
import { schemaFromProto } from '../../../../runtime/src/portable/coders/schema-from-proto.ts';
import { rowCoder, schemaToProto } from '../../../../runtime/src/portable/coders/schema-to-proto.ts';
import { SchemaSchema, type Schema as SchemaProto } from '../../../../runtime/src/proto/schema.ts';
import { PEERS_MISSING } from '../../../support/peers.ts';
import { readSections } from '../../../support/standard-coders/sections.ts';

const NONE = new Uint8Array();

const ROW: Schema = { fields: [{ name: 'word', type: { kind: 'string', nullable: false } }] };

test.skipIf(PEERS_MISSING !== undefined)(
  `rowCoder() has the payload of Beam's own row coders (${PEERS_MISSING ?? 'all there'})`,
  () => {
    const rows = readSections().filter(({ coder }) => coder.urn === 'beam:coder:row:v1');
    const protos = rows.map(({ coder: { payload = '' } }) => meant(Buffer.from(payload, 'latin1')));
    const ours = protos.map((proto) =>
      fromBinary(SchemaSchema, rowCoder(schemaFromProto(proto)).payload ?? NONE),
    );
    expect(ours.length).toBeGreaterThan(10);
    expect(ours).toEqual(protos);
  },
);

test('schemaToProto() gives equal schemas one id, a UUID, and others another', () => {
  const { id } = schemaToProto(ROW);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(schemaToProto(structuredClone(ROW)).id).toBe(id);
  expect(schemaToProto({ fields: [] }).id).not.toBe(id);
});

test.each([
  {
    name: 'no type',
    typeInfo: undefined,
    message: 'its field "a.b" must have a type of schema.proto: received none',
  },
  { name: 'a type to come', typeInfo: { case: 'atomicType', value: 99 }, message: 'received atomic type 99' },
])('schemaFromProto() refuses a field of $name, and names it', ({ typeInfo, message }) => {
  const proto = schemaToProto({
    fields: [{ name: 'a', type: { kind: 'row', nullable: false, schema: { fields: [] } } }],
  });
  const inner = proto.fields[0]?.type?.typeInfo;
  const field = schemaToProto({ fields: [{ name: 'b', type: { kind: 'byte', nullable: false } }] }).fields[0];
  if (inner?.case !== 'rowType' || field?.type === undefined) throw new TypeError('the row is not there');
  Object.assign(field.type, { typeInfo: typeInfo ?? { case: undefined } });
  inner.value.schema?.fields.push(field);
  expect(() => schemaFromProto(proto)).toThrow(message);
});

/** Without what no SDK reads: ids of fields, and encoding positions that are not said to be set. */
function meant(payload: Uint8Array): SchemaProto {
  const proto = fromBinary(SchemaSchema, payload);
  for (const field of proto.fields) {
    field.id = 0;
    if (!proto.encodingPositionsSet) field.encodingPosition = 0;
  }
  return proto;
}
