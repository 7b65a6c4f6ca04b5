/**
 * One line of ASCII text for a value: equal texts are equal values, also of Beam Python, which has the same function.
 *
 * Numbers are told apart by their bits (one NaN); properties of objects are in order of their names.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return number(value);
    case 'bigint':
      return `["i","${value}"]`;
    case 'boolean':
      return String(value);
    case 'undefined':
      return '["x"]';
    case 'object':
      return value === null ? 'null' : object(value);
    case 'symbol':
    case 'function':
      throw new TypeError(`Cannot compare a ${typeof value}`);
  }
}

/** Values in an order of their own: of what a runner gives in any order. */
export function sorted<T>(values: Iterable<T>): T[] {
  return [...values]
    .map((value) => ({ value, text: canonical(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({ value }) => value);
}

function number(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return '["d","nan"]';
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  return `["d","${bits.getBigUint64(0).toString(16).padStart(16, '0')}"]`;
}

function text(value: string): string {
  // JSON.stringify leaves what is not ASCII as it is; the other side does not.
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function object(value: object): string {
  if (value instanceof Uint8Array) return `["b","${Buffer.from(value).toString('hex')}"]`;
  if (value instanceof Date) return `["t",${number(value.getTime())}]`;
  if (value instanceof Map) {
    return `["m",[${[...value].map(([key, one]) => `[${canonical(key)},${canonical(one)}]`).join(',')}]]`;
  }
  if (value instanceof Set) return `["s",[${[...value].map(canonical).join(',')}]]`;
  if (Array.isArray(value)) return `["a",[${value.map(canonical).join(',')}]]`;
  const names = Object.keys(value).sort();
  const parts = names.map((name) => `${text(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `["o",{${parts.join(',')}}]`;
}
