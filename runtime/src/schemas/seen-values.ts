import type { FieldType, Schema } from '../model/schema.ts';
import { isPlainObject, kindOfValue, type ValueKind } from './kind-of-value.ts';
import { refuseSeen, type Seen } from './refuse-seen.ts';

const MILLIS_INSTANT: FieldType = {
  kind: 'logical',
  nullable: false,
  urn: 'beam:logical_type:millis_instant:v1',
  representation: { kind: 'int64', nullable: false },
};

/** An element that is looked at. */
export interface Sighting {
  readonly element: unknown;
  /** Its place among all. */
  readonly index: number;
  /** The objects that the value is in. */
  readonly around: Set<object>;
}

/** What the values of one place were so far: the elements, a field's, those of an array. */
export class SeenValues {
  /** "address.street", "tags[]", "counts.key"; empty for the elements. */
  readonly #path: string;
  #count = 0;
  #hasNull = false;
  #kind: ValueKind | undefined;
  /** The first that was not null. */
  #first: Seen | undefined;
  /** The first bigint, and the first number that is no int64: no type has both. */
  #bigint: Seen | undefined;
  #fraction: Seen | undefined;
  /** By a row's field, or "[]" of an array, ".key" and ".value" of a Map. */
  readonly #parts = new Map<string, SeenValues>();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {TypeError} if no type has it and the values before it. */
  add(value: unknown, at: Sighting): void {
    this.#count += 1;
    if (value === null || value === undefined) {
      this.#hasNull = true;
      return;
    }
    const seen: Seen = { value, index: at.index };
    const kind = kindOfValue(value);
    if (kind === undefined) this.#refuse([seen], at);
    this.#kind ??= kind;
    this.#first ??= seen;
    if (kind !== this.#kind) this.#refuse([this.#first, seen], at);
    if (kind === 'number') this.#addNumber(seen, at);
    if (typeof value === 'object') this.#addParts(value, at);
  }

  /**
   * The type of the elements, which are rows.
   *
   * @throws {TypeError} for a field of which only null was seen.
   */
  toSchema(): Schema {
    const fields = Array.from(this.#parts, ([name, values]) => {
      const type = values.#toType();
      return { name, type: values.#count < this.#count ? { ...type, nullable: true } : type };
    });
    return { fields };
  }

  #addNumber(seen: Seen, at: Sighting): void {
    const isBigint = typeof seen.value === 'bigint';
    if (!isBigint && Number.isSafeInteger(seen.value)) return;
    if (isBigint) this.#bigint ??= seen;
    else this.#fraction ??= seen;
    const other = isBigint ? this.#fraction : this.#bigint;
    if (other !== undefined) this.#refuse([other, seen], at);
  }

  #addParts(value: object, at: Sighting): void {
    const { around } = at;
    if (around.has(value)) this.#refuse([{ value, index: at.index }], at, 'not hold itself');
    around.add(value);
    if (Array.isArray(value)) {
      const elements = this.#part('[]', `${this.#path}[]`);
      for (const element of value as readonly unknown[]) elements.add(element, at);
    } else if (value instanceof Map) {
      const keys = this.#part('.key', `${this.#path}.key`);
      const values = this.#part('.value', `${this.#path}.value`);
      // instanceof gives Map<any, any>.
      for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
        keys.add(key, at);
        values.add(item, at);
      }
    } else if (isPlainObject(value)) {
      const before = this.#path === '' ? '' : `${this.#path}.`;
      for (const name of Object.keys(value)) {
        if (value[name] !== undefined) this.#part(name, before + name).add(value[name], at);
      }
    }
    around.delete(value);
  }

  #part(name: string, path: string): SeenValues {
    const part = this.#parts.get(name) ?? new SeenValues(path);
    this.#parts.set(name, part);
    return part;
  }

  #typeOfPart(name: string): FieldType {
    return this.#part(name, '').#toType();
  }

  #toType(): FieldType {
    return { ...this.#nonNullType(), nullable: this.#hasNull };
  }

  #nonNullType(): FieldType {
    const nullable = false;
    switch (this.#kind) {
      case undefined: {
        const received = this.#count === 0 ? 'none' : 'null or undefined only';
        throw new TypeError(
          `Cannot infer a schema as "${this.#path}" must have a value that tells its type: received ${received}; ` +
            'write the schema: beam.schema({ … }), or leave it out of the elements',
        );
      }
      case 'number':
        return { kind: this.#fraction === undefined ? 'int64' : 'double', nullable };
      case 'boolean':
      case 'string':
      case 'bytes':
        return { kind: this.#kind, nullable };
      case 'millis_instant':
        return MILLIS_INSTANT;
      case 'array':
        return { kind: 'array', nullable, elementType: this.#typeOfPart('[]') };
      case 'map': {
        const keyType = this.#typeOfPart('.key');
        return { kind: 'map', nullable, keyType, valueType: this.#typeOfPart('.value') };
      }
      case 'row':
        return { kind: 'row', nullable, schema: this.toSchema() };
    }
  }

  #refuse(seen: readonly Seen[], { element }: Sighting, must?: string): never {
    refuseSeen(seen, { path: this.#path, element, must });
  }
}
