import fc from 'fast-check';
import { ATOMIC_TYPES, type Field, type FieldType } from '../../../runtime/src/model/schema.ts';
import { logicalTypeOf } from '../../../runtime/src/schemas/logical-type-of.ts';

const LOGICAL_TYPES = [
  ...['millis_instant', 'micros_instant', 'decimal', 'date', 'time', 'datetime', 'python_callable'].map(
    (name) => logicalTypeOf(name, undefined),
  ),
  ...['timestamp', 'fixed_bytes', 'var_bytes', 'fixed_char', 'var_char'].flatMap((name) =>
    [3, 9].map((size) => logicalTypeOf(name, size)),
  ),
].filter((type) => type !== undefined);

/** Any type of a field that a text tells whole; fields of rows in it have any names. */
export const anyFieldType: fc.Arbitrary<FieldType> = fc.letrec<{ type: FieldType; fields: readonly Field[] }>(
  (tie) => ({
    fields: fc.uniqueArray(
      fc.record({
        name: fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'full name', 'a, b: "c"?'), fc.string()),
        type: tie('type'),
      }),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
    type: fc
      .tuple(
        fc.boolean(),
        fc.oneof(
          { maxDepth: 3, depthSize: 'small' },
          fc.constantFrom(...ATOMIC_TYPES).map((kind) => ({ kind })),
          fc.constantFrom(...LOGICAL_TYPES),
          fc.record({ kind: fc.constantFrom('array', 'iterable'), elementType: tie('type') }),
          fc.record({ kind: fc.constant('map'), keyType: tie('type'), valueType: tie('type') }),
          tie('fields').map((fields) => ({ kind: 'row', schema: { fields } })),
        ),
      )
      // Each of those is a FieldType but for `nullable`, which fast-check's types do not tell.
      .map(([nullable, type]) => ({ ...type, nullable }) as FieldType),
  }),
).type;
