import { inspect } from 'node:util';

/** A value as a notebook shows it: JSON for each MIME type. */
export interface Shown {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

/** Longest text/plain of a value, in characters. */
const MAX_TEXT = 200_000;
const DISPLAY = Symbol.for('Jupyter.display');

/**
 * How a value shows itself: by its own `[Symbol.for('Jupyter.display')]()`, as a chart if it is a Vega or Vega-Lite
 * specification, else as text, as a terminal would print it.
 *
 * @throws {TypeError} if its own bundle is not one. What the value's own method throws comes through.
 */
export async function showValue(value: unknown): Promise<Shown> {
  const own = displayMethod(value);
  if (own !== undefined) return { data: checkedBundle(await own()), metadata: {} };
  const chart = chartType(value);
  const plain = { 'text/plain': textOf(value) };
  if (chart === undefined) return { data: plain, metadata: {} };
  const name = chart.includes('vegalite') ? 'Vega-Lite chart' : 'Vega chart';
  return { data: checkedBundle({ [chart]: value, 'text/plain': name }), metadata: {} };
}

/** Whether showing `value` may take time: it has a method of its own for it. */
export function showsItself(value: unknown): boolean {
  return displayMethod(value) !== undefined;
}

/** The text of a value, as a REPL prints it. Never throws. */
export function textOf(value: unknown): string {
  try {
    const text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 20_000, breakLength: 100 });
    return text.length > MAX_TEXT
      ? `${text.slice(0, MAX_TEXT)}… ${text.length - MAX_TEXT} more characters`
      : text;
  } catch (error) {
    return `[a value that cannot be shown: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

/**
 * Makes a MIME bundle of what a program gives as one: bytes become base64, and JSON is made plain.
 *
 * @throws {TypeError} if it is not a bundle, or holds what no notebook can show.
 */
export function checkedBundle(bundle: unknown): Record<string, unknown> {
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `Cannot display as a MIME bundle must be an object of MIME types: received ${textOf(bundle)}`,
    );
  }
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([type, value]) => [type, checkedContent(type, value)]));
}

function checkedContent(type: string, value: unknown): unknown {
  if (!/^[^/\s]+\/[^/\s].*$/.test(type)) {
    throw new TypeError(`Cannot display as the keys of a bundle must be MIME types: received "${type}"`);
  }
  if (typeof value === 'string') return value;
  if (/^application\/(.*\+)?json\b/.test(type)) return plainJson(type, value);
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(/^text\/|^image\/svg/.test(type) ? 'utf8' : 'base64');
  }
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('');
  throw new TypeError(`Cannot display ${type} as it must be a string or bytes: received ${typeof value}`);
}

/** JSON has no bigint, no typed arrays, no Map and no Set; they become what is nearest. */
function plainJson(type: string, value: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
      if (part instanceof Map) return Object.fromEntries(part) as unknown;
      if (part instanceof Set) return [...part] as unknown;
      if (ArrayBuffer.isView(part) && 'length' in part)
        return Array.from(part as unknown as ArrayLike<unknown>);
      return part;
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot display ${type} as it must be JSON: ${why}`, { cause });
  }
  // The type of stringify does not tell that functions and undefined have no text.
  if ((text as string | undefined) === undefined) {
    throw new TypeError(`Cannot display ${type} as it must be JSON: received ${typeof value}`);
  }
  return JSON.parse(text);
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  let method: unknown;
  try {
    // Any value may be there; only a function is called.
    method = (value as { readonly [DISPLAY]?: unknown })[DISPLAY];
  } catch {
    return undefined; // a proxy, or a getter, that throws: its text says as much as can be said
  }
  return typeof method === 'function' ? () => method.call(value) as unknown : undefined;
}

/** JupyterLab draws Vega-Lite and Vega of version 5. */
function chartType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$schema' in value)) return undefined;
  const schema = value.$schema;
  if (typeof schema !== 'string') return undefined;
  if (/\/vega-lite\/v\d/.test(schema)) return 'application/vnd.vegalite.v5+json';
  return /\/vega\/v\d/.test(schema) ? 'application/vnd.vega.v5+json' : undefined;
}
