import { nearByNames } from '../model/near-by-names.ts';
import { ATOMIC_TYPES } from '../model/schema.ts';
import { LOGICAL_TYPES } from './logical-type-of.ts';

const NAMES: readonly string[] = [...ATOMIC_TYPES, 'array', 'iterable', 'map', 'row', ...LOGICAL_TYPES];

/** What other languages call them; `fixed_decimal` has an argument that no text tells. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  number: 'double',
  integer: 'int64',
  int: 'int64',
  long: 'int64',
  bigint: 'int64',
  bool: 'boolean',
  text: 'string',
  str: 'string',
  Date: 'millis_instant',
  Uint8Array: 'bytes',
  list: 'array',
  object: 'row',
  fixed_decimal: 'decimal',
};

/**
 * Refuses a name that no type has, with those that may be meant.
 *
 * @throws {TypeError} always.
 */
export function refuseTypeName(name: string, { field, text }: { field: string; text: string }): never {
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  const near = other === undefined ? nearByNames(name, NAMES) : [other];
  const hint =
    near.length === 0
      ? `the types are ${NAMES.join(', ')}`
      : `did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`;
  const inText = text.trim() === name ? '' : ` in ${JSON.stringify(text)}`;
  throw new TypeError(
    `Cannot make a schema as the type of "${field}" must be one of Beam's: received "${name}"${inText}; ${hint}`,
  );
}
