import { ElementText } from '../errors.ts';
import { formatPlural } from './format.ts';
import { fit } from './text-width.ts';

/** Deeper than this, a value is shown by its brackets alone. */
const MAX_DEPTH = 4;

interface Walk {
  readonly seen: readonly object[];
  readonly depth: number;
  readonly quoted: boolean;
}

/** Control characters, line separators, text-direction overrides, lone surrogates: shown, never obeyed. */
const UNPRINTABLE =
  // The control characters are what it looks for.
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Any value as one line of at most `width` terminal cells, strings in quotes: `{ word: "whale", at: [3 values] … }`.
 *
 * Looks at no more than it shows, so a huge value costs little; never calls a getter; never throws, whatever the
 * value is (cyclic, a proxy that throws, a null prototype).
 */
export function preview(value: unknown, width = 80): string {
  return fit(safely(value, { seen: [], depth: 0, quoted: true }, width), width);
}

/** The same for a table's cell: a string stands without quotes. */
export function cellText(value: unknown, width = 80): string {
  return fit(safely(value, { seen: [], depth: 0, quoted: false }, width), width);
}

function safely(value: unknown, walk: Walk, budget: number): string {
  try {
    return render(value, walk, budget);
  } catch {
    return '[unreadable]';
  }
}

function render(value: unknown, walk: Walk, budget: number): string {
  switch (typeof value) {
    case 'string':
      return renderString(value, walk.quoted, budget);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return renderBigint(value, walk.quoted, budget);
    case 'symbol':
      return printable(value.toString());
    case 'function':
      return `ƒ ${printable(ownValue(value, 'name')).slice(0, 60)}()`;
    case 'object':
      return value === null ? 'null' : renderObject(value, walk, budget);
    case 'boolean':
    case 'undefined':
      return String(value);
  }
}

function renderString(text: string, quoted: boolean, budget: number): string {
  const start = printable(text.slice(0, Math.max(8, budget * 8)));
  return quoted ? `"${start.replaceAll('"', '\\"')}"` : start;
}

/** Text of a bigint: converting one of a million digits takes seconds, so a huge one is shown by its size. */
function renderBigint(value: bigint, quoted: boolean, budget: number): string {
  if (BigInt.asIntN(4096, value) !== value) return '[bigint of more than 4,096 bits]';
  return `${String(value).slice(0, budget + 1)}${quoted ? 'n' : ''}`;
}

function printable(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text.replace(
    UNPRINTABLE,
    (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function ownValue(target: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(target, key)?.value;
}

/** The name of the class of `value`; empty for plain objects and where it cannot be known. */
export function className(value: object): string {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return '';
    const constructor = ownValue(prototype, 'constructor');
    if (typeof constructor !== 'function') return '';
    const name = printable(ownValue(constructor, 'name')).slice(0, 60);
    return name === 'Object' ? '' : name; // a plain object of another realm
  } catch {
    return '';
  }
}

function renderObject(value: object, walk: Walk, budget: number): string {
  if (walk.seen.includes(value)) return '[circular]';
  const known = renderKnown(value, budget);
  if (known !== undefined) return known;
  const inner: Walk = { seen: [...walk.seen, value], depth: walk.depth + 1, quoted: true };
  const isDeep = inner.depth > MAX_DEPTH || budget < 2;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = value as unknown as ArrayLike<unknown>; // a DataView is known above
    const prefix = Array.isArray(value) ? '' : `${className(value)} `;
    return prefix + renderItems(listItems(items, inner), items.length, isDeep ? 0 : budget);
  }
  if (value instanceof Map) {
    return `Map ${renderItems(mapItems(value, inner), value.size, isDeep ? 0 : budget, '{}')}`;
  }
  if (value instanceof Set) {
    return `Set ${renderItems(iterableItems(value, inner), value.size, isDeep ? 0 : budget, '{}')}`;
  }
  if (isRepeatable(value)) return renderItems(iterableItems(value, inner), undefined, isDeep ? 0 : budget);
  const name = className(value);
  const prefix = name === '' ? '' : `${name} `;
  if (isDeep) return `${prefix}{…}`;
  const parts: string[] = [];
  let used = prefix.length + 4;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (used > budget) return `${prefix}{ ${parts.join(', ')}, … }`;
    const part = `${propertyName(key)}: ${renderProperty(value, key, { walk: inner, budget: budget - used })}`;
    parts.push(part);
    used += part.length + 2;
  }
  return parts.length === 0 ? `${prefix}{}` : `${prefix}{ ${parts.join(', ')} }`;
}

function renderProperty(
  target: object,
  key: string,
  { walk, budget }: { readonly walk: Walk; readonly budget: number },
): string {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (descriptor !== undefined && !('value' in descriptor)) return '[getter]';
  return safely(descriptor?.value, walk, budget);
}

function propertyName(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : `"${printable(key.slice(0, 200))}"`;
}

/** Objects that read better as one word than by their properties. */
function renderKnown(value: object, budget: number): string | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString().replace('T00:00:00.000Z', '');
  }
  if (value instanceof ElementText) return value.text;
  if (value instanceof RegExp) return printable(RegExp.prototype.toString.call(value));
  if (value instanceof URL) return printable(value.href.slice(0, budget * 8));
  if (value instanceof Error) {
    const message = ownValue(value, 'message');
    return `${className(value)}${message === undefined ? '' : `: ${printable(message).slice(0, budget * 8)}`}`;
  }
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (value instanceof DataView) return `DataView(${value.byteLength})`;
  if (value instanceof Promise) return 'Promise';
  if (value instanceof WeakMap) return 'WeakMap';
  if (value instanceof WeakSet) return 'WeakSet';
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return `${className(value)} ${render(value.valueOf(), { seen: [], depth: 0, quoted: true }, budget)}`;
  }
  return undefined;
}

/** An iterable that can be read again, such as grouped values; an iterator would be used up by looking. */
export function isRepeatable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && !('next' in value);
}

function* listItems(items: ArrayLike<unknown>, walk: Walk): Generator<(budget: number) => string> {
  let index = 0;
  while (index < items.length) {
    const item = items[index++];
    yield (budget) => safely(item, walk, budget);
  }
}

function* iterableItems(items: Iterable<unknown>, walk: Walk): Generator<(budget: number) => string> {
  for (const item of items) yield (budget) => safely(item, walk, budget);
}

function* mapItems(map: ReadonlyMap<unknown, unknown>, walk: Walk): Generator<(budget: number) => string> {
  for (const [key, item] of map) {
    yield (budget) => `${safely(key, walk, budget)} => ${safely(item, walk, budget)}`;
  }
}

/** `[a, b]` if all of it fits in `budget`, else its length first: `[1,000 values] a, b, …`. */
function renderItems(
  items: Iterable<(budget: number) => string>,
  length: number | undefined,
  budget: number,
  brackets = '[]',
): string {
  const parts: string[] = [];
  let used = 2;
  let isCut = false;
  if (budget === 0 && length !== 0) isCut = true;
  else {
    for (const item of items) {
      const part = item(Math.max(1, budget - used));
      if (used + part.length > budget && parts.length > 0) {
        isCut = true;
        break;
      }
      parts.push(part);
      used += part.length + 2;
    }
  }
  const [open = '', close = ''] = brackets;
  if (!isCut) return open + parts.join(', ') + close;
  const count = length === undefined ? 'values' : formatPlural(length, 'value');
  return `${open}${count}${close}${parts.length === 0 ? '' : ` ${parts.join(', ')}, …`}`;
}
