/** What V8 needs for these, in bytes, on a 64-bit machine without pointer compression: Node's. */
const POINTER = 8;
const HEAD = 24;
/** Objects and arrays within one value beyond which the rest is taken to be like what was seen. */
const MOST_SEEN = 256;

/**
 * Estimates the bytes that a value takes in V8's heap and outside it, beside the place that refers to it.
 *
 * Of a large value a part is looked at, and the rest taken to be like it. What is shared with others counts as its own.
 */
export function sizeOf(value: unknown): number {
  return sizeWithin(value, { left: MOST_SEEN });
}

function sizeWithin(value: unknown, seen: { left: number }): number {
  switch (typeof value) {
    case 'number':
      return (value | 0) === value ? 0 : 16;
    case 'string':
      return HEAD + value.length; // a byte a character; of two-byte strings it is half of it, which few texts are
    case 'bigint':
      return HEAD;
    case 'object':
      return value === null ? 0 : sizeOfObject(value, seen);
    case 'boolean':
    case 'undefined':
    case 'symbol':
    case 'function':
      return 0;
  }
}

function sizeOfObject(value: object, seen: { left: number }): number {
  if (seen.left-- <= 0) return HEAD + 4 * POINTER;
  if (Array.isArray(value)) return HEAD + POINTER + sizeOfItems(value, value.length, seen) * 1.2;
  if (ArrayBuffer.isView(value)) return 4 * HEAD + value.byteLength;
  if (value instanceof ArrayBuffer) return 4 * HEAD + value.byteLength;
  if (value instanceof Map)
    return 4 * HEAD + sizeOfItems(value.entries(), value.size, seen) + value.size * 3 * POINTER;
  if (value instanceof Set) return 4 * HEAD + sizeOfItems(value, value.size, seen) + value.size * 2 * POINTER;
  let size = HEAD;
  for (const name in value) {
    size += POINTER + sizeWithin((value as Readonly<Record<string, unknown>>)[name], seen); // it has this name
  }
  return size;
}

function sizeOfItems(items: Iterable<unknown>, count: number, seen: { left: number }): number {
  let looked = 0;
  let size = 0;
  for (const item of items) {
    if (seen.left <= 0 || looked >= MOST_SEEN) break;
    looked += 1;
    size += sizeWithin(item, seen);
  }
  return count * POINTER + (looked === 0 ? 0 : (size / looked) * count);
}
