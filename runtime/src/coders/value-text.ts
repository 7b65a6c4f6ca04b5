import { isDeepStrictEqual } from 'node:util';
import { OutputBytes } from './output-bytes.ts';
import { ValueWriter } from './value-writer.ts';

/**
 * A text of a value: equal for equal values, as node's isDeepStrictEqual sees them (NaN equals NaN, -0 differs from 0; the
 * order of an object's properties, of a Map's entries and of a Set's items does not matter).
 *
 * Values without an encoding (instances of classes) have the text `undefined`; compare these with `isDeepStrictEqual`.
 */
export function valueText(value: unknown): string | undefined {
  try {
    return encoded(canonical(value, new Map()));
  } catch {
    return undefined;
  }
}

/** Whether two values are equal, as `valueText` says. */
export function areEqualValues(a: unknown, b: unknown): boolean {
  const text = valueText(a);
  return text === undefined ? isDeepStrictEqual(a, b) : text === valueText(b);
}

/** @throws what the encoder throws. */
function encoded(value: unknown): string {
  const out = new OutputBytes();
  new ValueWriter().write(value, out);
  return Buffer.from(out.view()).toString('base64');
}

/**
 * The same value with a part of its own wherever one stands twice (what is shared here need not be on a runner), and with
 * what has no order sorted.
 *
 * @param around The copies of what `value` is in: a cycle stays one.
 */
function canonical(value: unknown, around: ReadonlyMap<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const outer = around.get(value);
  if (outer !== undefined) return outer;
  if (Array.isArray(value)) {
    const copy: unknown[] = new Array<unknown>(value.length);
    const inside = new Map(around).set(value, copy);
    // Holes stay holes.
    value.forEach((item, index) => (copy[index] = canonical(item, inside)));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    const inside = new Map(around).set(value, copy);
    const entries = [...value].map((entry) => entry.map((part) => canonical(part, inside)));
    for (const [key, item] of sorted(entries)) copy.set(key, item);
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    const inside = new Map(around).set(value, copy);
    for (const item of sorted([...value].map((each) => canonical(each, inside)))) copy.add(item);
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return copyOf(value);
  const copy = Object.create(prototype) as Record<string, unknown>; // its own properties follow
  const inside = new Map(around).set(value, copy);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, item] of entries) {
    Object.defineProperty(copy, key, { ...DATA, value: canonical(item, inside) });
  }
  return copy;
}

const DATA = { enumerable: true, writable: true, configurable: true };

/** In the order of their encodings. */
function sorted<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, text: encoded(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item);
}

function copyOf(value: object): unknown {
  // Of a view its own bytes count, not what else is in its buffer.
  if (ArrayBuffer.isView(value) && 'slice' in value) return (value as Uint8Array).slice(); // as all typed arrays have it
  const clone: object = structuredClone(value);
  // That of an instance of a class is a plain object: the encoder refuses the instance itself.
  return Object.getPrototypeOf(clone) === Object.getPrototypeOf(value) ? clone : value;
}
