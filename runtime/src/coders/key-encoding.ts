import { NonDeterministicKeyError } from '../errors.ts';

/**
 * Encodes a key that is an object to a string: equal strings are equal keys, and no two different keys share one.
 *
 * Arrays, plain objects (the order of their properties does not matter), Date, Uint8Array and all primitives but
 * symbols have an encoding, nested as deep as they are. Numbers compare as `Object.is` does, but for -0, which is 0;
 * 1, 1n and "1" differ; an absent property differs from an undefined one.
 *
 * @param transform Full name, for the error.
 * @throws {NonDeterministicKeyError} names the path to what has no deterministic encoding: a Map, a Set, a function, a
 *   symbol, an instance of a class, a cycle, more than 500 levels.
 */
export function encodeKey(key: unknown, transform: string): string {
  return encode(key, { path: 'key', parents: [], transform });
}

/** A key that goes deeper is refused, before the call stack ends. */
const MOST_LEVELS = 500;

interface Place {
  readonly path: string;
  /** The objects around this one, to find cycles. */
  readonly parents: readonly object[];
  readonly transform: string;
}

function encode(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return `n${Object.is(value, -0) ? 0 : value};`;
    case 'bigint':
      return `i${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? '0' : encodeObject(value, place);
    case 'symbol':
    case 'function':
      return refuse(`a ${typeof value}`, place);
  }
}

function encodeObject(value: object, place: Place): string {
  if (place.parents.includes(value)) return refuse('a cycle', place);
  if (place.parents.length >= MOST_LEVELS)
    return refuse('a key of more than 500 levels', { ...place, path: 'key' });
  if (value instanceof Date) return `d${value.getTime()};`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('base64')};`;
  const inside = (key: string): Place => ({
    path: `${place.path}${key}`,
    parents: [...place.parents, value],
    transform: place.transform,
  });
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    // Array.from visits holes too: a hole is undefined, as iteration gives it.
    return `[${Array.from(items, (item, index) => encode(item, inside(`[${index}]`))).join('')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return refuse(classOf(value), place);
  if (Object.getOwnPropertySymbols(value).length > 0)
    return refuse('a property whose name is a symbol', place);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => text(name) + encode(field, inside(`.${name}`))).join('')}}`;
}

/** With its length in front, so that no text can pose as something else. */
function text(value: string): string {
  return `s${value.length}:${value}`;
}

function classOf(value: object): string {
  const { constructor } = value;
  // An object from another realm, or one whose constructor was overwritten, may have anything here.
  const name: unknown = typeof constructor === 'function' ? constructor.name : undefined;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class';
}

function refuse(what: string, place: Place): never {
  throw new NonDeterministicKeyError(place.transform, `${what} at ${place.path}`);
}
