/**
 * How a value is written: one byte that says what follows, then that.
 *
 * Alone (`millrace:coder:value:v1`) it has all in it. In a chunk of the cache, what the values share is beside them: the
 * characters of all latin1 strings are one text, which is decoded at once, and from which each takes its length in turn;
 * and an object's property names are a number, that of one of the chunk's shapes.
 *
 * "Count" is an unsigned LEB128 number. Objects are numbered within an element in the order in which they begin, and
 * `reference` names one: shared references and cycles come back as such.
 *
 * Why not v8.serialize: it silently changes what it does not know, and writes each property's name each time. Measured
 * in one run on 1 M elements { key: 'word12', value: 12 }, all checks and the disk included: 0.35 s to write and 0.21 s
 * to read, against 0.45 and 1.05 s for v8.serialize and v8.deserialize alone. (It is faster on plain numbers.)
 */
export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** Count, zigzag: a 32-bit integer that is not -0. */
  integer: 4,
  /** 8 bytes, little-endian IEEE 754. */
  double: 5,
  /** Count of characters, which are all latin1; these. */
  string: 6,
  /** The same: in hexadecimal, "-" first. */
  bigint: 7,
  /** 8 bytes: its time value. */
  date: 8,
  /** Count of items, items. */
  array: 9,
  /** A place of an array that has no item. */
  hole: 10,
  /** Count of bytes, property names as strings; the properties' values. */
  object: 11,
  /** The same, without a prototype. */
  nullObject: 12,
  /** Count of entries, keys and values in turn. */
  map: 13,
  /** Count of items, items. */
  set: 14,
  /** Source and flags as strings, lastIndex as a value. */
  regExp: 15,
  /** Count of bytes, bytes. */
  arrayBuffer: 16,
  /** Count of bytes, bytes: a Buffer, which is stored without the pool around it. */
  buffer: 17,
  /** One byte: which of VIEWS; its ArrayBuffer as a value; counts: byte offset, length in items. */
  view: 18,
  /** Count: which object of this element. */
  reference: 19,
  /** Count of UTF-16 units, these: for all other characters, and for lone surrogates. */
  wideString: 20,
} as const;

/** What a `view` can be, in the order of its number. */
export const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as const;
