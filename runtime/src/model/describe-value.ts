/** A value in a few words, for an error message: `"a line"`, `a number 3`, `an instance of Map`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40
        ? `the string ${JSON.stringify(`${value.slice(0, 40)}…`)}`
        : `the string ${JSON.stringify(value)}`;
    case 'number':
    case 'boolean':
    case 'bigint':
      return `the ${typeof value} ${value}`;
    case 'undefined':
      return 'undefined';
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
    case 'object': {
      if (value === null) return 'null';
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === null || prototype === Object.prototype) {
        const names = Object.keys(value);
        return names.length === 0 ? 'an empty object' : `an object with ${names.slice(0, 5).join(', ')}`;
      }
      const name: unknown = typeof value.constructor === 'function' ? value.constructor.name : undefined;
      return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object';
    }
  }
}
