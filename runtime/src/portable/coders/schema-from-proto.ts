import {
  ATOMIC_TYPES,
  type Field,
  type FieldType,
  type LogicalType,
  type Schema,
} from '../../model/schema.ts';
import type {
  FieldType as FieldTypeProto,
  FieldValue,
  LogicalType as LogicalTypeProto,
  Schema as SchemaProto,
} from '../../proto/schema.ts';

/**
 * A schema as the model has it.
 *
 * @throws {RangeError} names a field without a type, or whose type is none of schema.proto.
 */
export function schemaFromProto(proto: SchemaProto, path = ''): Schema {
  const fields = proto.fields.map(({ name, type, description, encodingPosition }): Field => {
    return {
      name,
      type: fieldTypeFromProto(type, path + name),
      ...(description !== '' && { description }),
      ...(proto.encodingPositionsSet && { encodingPosition }),
    };
  });
  return { fields, ...(proto.id !== '' && { id: proto.id }) };
}

function fieldTypeFromProto(proto: FieldTypeProto | undefined, path: string): FieldType {
  const nullable = proto?.nullable ?? false;
  const info = proto?.typeInfo;
  switch (info?.case) {
    case 'atomicType': {
      // schema.proto's AtomicType counts from 1, in this order.
      const kind = ATOMIC_TYPES[info.value - 1];
      if (kind === undefined) throw untyped(path, `atomic type ${info.value}`);
      return { kind, nullable };
    }
    case 'arrayType':
      return {
        kind: 'array',
        nullable,
        elementType: fieldTypeFromProto(info.value.elementType, `${path}[]`),
      };
    case 'iterableType':
      return {
        kind: 'iterable',
        nullable,
        elementType: fieldTypeFromProto(info.value.elementType, `${path}[]`),
      };
    case 'mapType':
      return {
        kind: 'map',
        nullable,
        keyType: fieldTypeFromProto(info.value.keyType, `${path}.key`),
        valueType: fieldTypeFromProto(info.value.valueType, `${path}.value`),
      };
    case 'rowType':
      if (info.value.schema === undefined) throw untyped(path, 'a row without a schema');
      return { kind: 'row', nullable, schema: schemaFromProto(info.value.schema, `${path}.`) };
    case 'logicalType':
      return logicalTypeFromProto(info.value, { nullable, path });
    case undefined:
      throw untyped(path, 'none');
  }
}

function logicalTypeFromProto(
  { urn, representation, argumentType, argument }: LogicalTypeProto,
  { nullable, path }: { nullable: boolean; path: string },
): LogicalType {
  return {
    kind: 'logical',
    nullable,
    urn,
    // A type without one is refused by its name when a coder is made, if it is not known.
    representation:
      representation === undefined
        ? { kind: 'bytes', nullable: false }
        : fieldTypeFromProto(representation, path),
    ...(argumentType && { argumentType: fieldTypeFromProto(argumentType, path) }),
    ...(argument && { argument: atomicValue(argument) }),
  };
}

/** The value of an argument; those of the types that we know are atomic, others are not looked at. */
function atomicValue({ fieldValue }: FieldValue): unknown {
  return fieldValue.case === 'atomicValue' ? fieldValue.value.value.value : undefined;
}

function untyped(path: string, received: string): RangeError {
  return new RangeError(
    `Cannot read a schema as its field "${path}" must have a type of schema.proto: received ${received}`,
  );
}
