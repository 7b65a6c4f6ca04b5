import { types } from 'node:util';

/** Thrown inside the encoder by what cannot be stored as it is. */
export class Unfaithful extends Error {
  override readonly name = 'Unfaithful';
  readonly culprit: unknown;
  /** "a function", "an instance of Socket". */
  readonly what: string;

  constructor(culprit: unknown, what = describe(culprit)) {
    super(what);
    this.culprit = culprit;
    this.what = what;
  }
}

function describe(culprit: unknown): string {
  if (typeof culprit !== 'object' || culprit === null) return `a ${typeof culprit}`;
  if (types.isProxy(culprit)) return 'a Proxy';
  if (types.isModuleNamespaceObject(culprit)) return 'a module';
  const { constructor: made } = culprit as { readonly constructor?: unknown };
  const name = typeof made === 'function' ? made.name : '';
  if (Object.getPrototypeOf(culprit) === null || name === '' || name === 'Object') return 'an unusual object';
  return `an instance of ${name}`;
}

/**
 * Checks that an object's own properties are all enumerable data under string keys, as an encoder sees no others.
 *
 * @param own How many keys were seen, as by Object.keys; of arrays one less than there are, for `length`.
 * @throws {Unfaithful} if it has more, or an accessor.
 */
export function requireData(value: object, own: number): void {
  if (types.isProxy(value)) throw new Unfaithful(value);
  const keys = Reflect.ownKeys(value);
  const isArray = Array.isArray(value);
  if (keys.length !== own + (isArray ? 1 : 0)) {
    throw new Unfaithful(
      value,
      isArray ? 'an array with other properties than items' : 'an object with symbol or hidden properties',
    );
  }
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property?.get !== undefined || property?.set !== undefined) {
      throw new Unfaithful(value, `an object with an accessor ${String(key)}`);
    }
  }
}

/** Where `culprit` is in an element: ".user.socket"; "" if it is the element. */
export function pathTo(element: unknown, culprit: unknown): string {
  const seen = new Set<unknown>();
  const search = (value: unknown): string | undefined => {
    if (value === culprit) return '';
    if (typeof value !== 'object' || value === null || seen.has(value) || types.isProxy(value))
      return undefined;
    seen.add(value);
    for (const [step, part] of parts(value)) {
      const rest = search(part);
      if (rest !== undefined) return step + rest;
    }
    return undefined;
  };
  try {
    return search(element) ?? '';
  } catch {
    return ''; // nested too deeply to say where
  }
}

function* parts(value: object): Generator<readonly [string, unknown], void, void> {
  if (value instanceof Map) {
    let index = 0;
    for (const [key, item] of value) {
      yield [`.keys()[${index}]`, key];
      yield [`.values()[${index++}]`, item];
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const item of value) yield [`.values()[${index++}]`, item];
  } else {
    for (const key of Object.keys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property === undefined || !('value' in property)) continue;
      const step = Array.isArray(value)
        ? `[${key}]`
        : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)
          ? `.${key}`
          : `[${JSON.stringify(key)}]`;
      yield [step, property.value];
    }
  }
}
