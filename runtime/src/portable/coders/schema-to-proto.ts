import { createHash } from 'node:crypto';

import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';

import { RowCoder } from '../../coders/row.ts';
import type { AtomicType, FieldType, Schema } from '../../model/schema.ts';
import {
  AtomicType as AtomicTypeNumber,
  AtomicTypeValueSchema,
  FieldTypeSchema,
  FieldValueSchema,
  SchemaSchema,
  type FieldType as FieldTypeProto,
  type FieldValue,
  type Schema as SchemaProto,
} from '../../proto/schema.ts';

/** The coder of a schema's rows, whose payload tells a runner the schema. */
export function rowCoder(schema: Schema): RowCoder {
  return new RowCoder(schema, { payload: toBinary(SchemaSchema, schemaToProto(schema)) });
}

const ATOMIC_TYPE_NUMBERS: Readonly<Record<AtomicType, AtomicTypeNumber>> = {
  byte: AtomicTypeNumber.BYTE,
  int16: AtomicTypeNumber.INT16,
  int32: AtomicTypeNumber.INT32,
  int64: AtomicTypeNumber.INT64,
  float: AtomicTypeNumber.FLOAT,
  double: AtomicTypeNumber.DOUBLE,
  string: AtomicTypeNumber.STRING,
  boolean: AtomicTypeNumber.BOOLEAN,
  bytes: AtomicTypeNumber.BYTES,
};

/**
 * A schema as runners read it.
 *
 * Its id must be a UUID: without one it is a digest of the fields, so that a pipeline is the same each time.
 */
export function schemaToProto(schema: Schema): SchemaProto {
  const proto = withoutId(schema);
  proto.id = schema.id ?? digestId(toBinary(SchemaSchema, proto));
  return proto;
}

function withoutId({ fields }: Schema): SchemaProto {
  return create(SchemaSchema, {
    encodingPositionsSet: fields.some(({ encodingPosition }) => encodingPosition !== undefined),
    fields: fields.map(({ name, type, description = '', encodingPosition = 0 }) => ({
      name,
      description,
      encodingPosition,
      type: fieldTypeToProto(type),
    })),
  });
}

/** A UUID of version 8, which is what its maker likes. */
function digestId(bytes: Uint8Array): string {
  const hex = createHash('sha256').update(bytes).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

function fieldTypeToProto(type: FieldType): FieldTypeProto {
  return create(FieldTypeSchema, { nullable: type.nullable, typeInfo: typeInfo(type) });
}

type TypeInfo = NonNullable<NonNullable<MessageInitShape<typeof FieldTypeSchema>>['typeInfo']>;

function typeInfo(type: FieldType): TypeInfo {
  switch (type.kind) {
    case 'array':
      return { case: 'arrayType', value: { elementType: fieldTypeToProto(type.elementType) } };
    case 'iterable':
      return { case: 'iterableType', value: { elementType: fieldTypeToProto(type.elementType) } };
    case 'map': {
      const keyType = fieldTypeToProto(type.keyType);
      return { case: 'mapType', value: { keyType, valueType: fieldTypeToProto(type.valueType) } };
    }
    case 'row':
      return { case: 'rowType', value: { schema: schemaToProto(type.schema) } };
    case 'logical': {
      const { urn, representation, argumentType, argument } = type;
      return {
        case: 'logicalType',
        value: {
          urn,
          representation: fieldTypeToProto(representation),
          ...(argumentType && { argumentType: fieldTypeToProto(argumentType) }),
          ...(argumentType?.kind === 'int32' && { argument: int32Value(Number(argument)) }),
        },
      };
    }
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
    case 'bytes':
      return { case: 'atomicType', value: ATOMIC_TYPE_NUMBERS[type.kind] };
  }
}

/** The known types have lengths and precisions as arguments, which are int32. */
function int32Value(value: number): FieldValue {
  return create(FieldValueSchema, {
    fieldValue: {
      case: 'atomicValue',
      value: create(AtomicTypeValueSchema, { value: { case: 'int32', value } }),
    },
  });
}
