import { OutputBytes } from '../coders/output-bytes.ts';
import { ValueCoder } from '../coders/value-coder.ts';
import { preview } from '../display/preview.ts';

/** How two results of one PCollection compare. */
export type Comparison =
  | { readonly kind: 'equal' }
  /** Equal, but for what no runner promises: the order within arrays, and the last digits of sums. */
  | { readonly kind: 'alike'; readonly note: string }
  | { readonly kind: 'different'; readonly lines: readonly string[] };

/** Elements that a difference shows, of each side. */
const SHOWN = 3;
/** Of each: a side is one line, as an error's message has three in a notebook. */
const SHOWN_CHARACTERS = 40;
/** Decimal digits in which sums of floating point numbers may be trusted, whatever their order. */
const DIGITS = 12;

/**
 * Compares two PCollections, which have no order: each element must be there as often.
 *
 * @returns a difference in a few lines, with elements that only one side has.
 */
export function compareElements(here: readonly unknown[], there: readonly unknown[]): Comparison {
  const { onlyHere, onlyThere } = differenceOf(here, there, (value) => value);
  if (onlyHere.length === 0 && onlyThere.length === 0) return { kind: 'equal' };
  const loose = differenceOf(onlyHere, onlyThere, withoutOrder);
  if (loose.onlyHere.length === 0 && loose.onlyThere.length === 0) {
    return {
      kind: 'alike',
      note: 'equal, but for the order of values in arrays or the last digits of numbers, which no runner promises',
    };
  }
  return {
    kind: 'different',
    lines: [
      `${here.length} elements here, ${there.length} there`,
      ...sideLines('only here', loose.onlyHere),
      ...sideLines('only there', loose.onlyThere),
    ],
  };
}

function differenceOf(
  here: readonly unknown[],
  there: readonly unknown[],
  view: (value: unknown) => unknown,
): { readonly onlyHere: readonly unknown[]; readonly onlyThere: readonly unknown[] } {
  const open = new Map<string, unknown[]>();
  for (const value of here) {
    const key = textOf(view(value));
    const same = open.get(key);
    if (same === undefined) open.set(key, [value]);
    else same.push(value);
  }
  const onlyThere = there.filter((value) => {
    const same = open.get(textOf(view(value))) ?? [];
    // The value itself may be undefined.
    const isFound = same.length > 0;
    same.pop();
    return !isFound;
  });
  return { onlyHere: [...open.values()].flat(), onlyThere };
}

/** Equal texts for equal values, as the coder of elements sees them. */
function textOf(value: unknown): string {
  const out = new OutputBytes();
  new ValueCoder().encode(unshared(value, new Map()), out);
  return Buffer.from(out.take()).toString('base64');
}

/**
 * The same value with a part of its own wherever one stands twice: what is shared here need not be on a runner.
 *
 * @param around The copies of what `value` is in: a cycle stays one.
 */
function unshared(value: unknown, around: ReadonlyMap<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const outer = around.get(value);
  if (outer !== undefined) return outer;
  if (Array.isArray(value)) {
    const copy: unknown[] = new Array<unknown>(value.length);
    const inside = new Map(around).set(value, copy);
    // Holes stay holes.
    value.forEach((item, index) => (copy[index] = unshared(item, inside)));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    const inside = new Map(around).set(value, copy);
    for (const [key, item] of value) copy.set(unshared(key, inside), unshared(item, inside));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    const inside = new Map(around).set(value, copy);
    for (const item of value) copy.add(unshared(item, inside));
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    // Of a view its own bytes count, not what else is in its buffer.
    return ArrayBuffer.isView(value) && 'slice' in value
      ? (value as Uint8Array).slice() // as all typed arrays have it
      : structuredClone(value);
  }
  const copy = Object.create(prototype) as Record<string, unknown>; // its own properties follow
  const inside = new Map(around).set(value, copy);
  for (const [key, item] of Object.entries(value)) copy[key] = unshared(item, inside);
  return copy;
}

/** The value with its arrays sorted and its numbers rounded. */
function withoutOrder(value: unknown, around: readonly unknown[] = []): unknown {
  if (around.includes(value) && typeof value === 'object') return null; // a cycle: it is looked at already
  const inside = [...around, value];
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value;
  if (Array.isArray(value)) {
    return value
      .map((item) => withoutOrder(item, inside))
      .map((item) => ({ item, text: textOf(item) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, part]) => [key, withoutOrder(part, inside)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return value;
}

function sideLines(title: string, values: readonly unknown[]): readonly string[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, SHOWN).map((value) => preview(value, SHOWN_CHARACTERS));
  const more = values.length > SHOWN ? [`… ${values.length - SHOWN} more`] : [];
  return [`${title}: ${[...shown, ...more].join(', ')}`];
}
