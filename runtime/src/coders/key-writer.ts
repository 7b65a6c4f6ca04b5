import { NonDeterministicKeyError } from '../errors.ts';
import { OutputBytes } from './output-bytes.ts';
import { ShapeWriter } from './shape-writer.ts';
import { TAG, VIEWS } from './value-format.ts';
import { writeNumber, writeString } from './write-scalar.ts';

/** A key that goes deeper is refused, before the call stack ends. */
const MOST_LEVELS = 500;
const NOWHERE = new OutputBytes();
const UINT8 = VIEWS.indexOf(Uint8Array);

/**
 * Writes a key in the form of value-format.ts, so that equal keys have equal bytes and others have not.
 *
 * Arrays, plain objects (the order of their properties does not matter), Date, Uint8Array and all primitives but
 * symbols can be keys, nested as deep as they are. Numbers compare as `Object.is` does, but for -0, which is 0;
 * 1, 1n and "1" differ; an absent property differs from an undefined one; a hole is undefined.
 */
export class KeyWriter {
  readonly #transform: string;
  readonly #shapes = new ShapeWriter({ isSorted: true });
  #to = NOWHERE;
  /** The objects around the one that is written, and the names of the properties that lead to it. */
  readonly #parents: object[] = [];
  readonly #path: (string | number)[] = [];

  /** @param transform Full name, for errors. */
  constructor(transform: string) {
    this.#transform = transform;
  }

  /**
   * Writes one key.
   *
   * @throws {NonDeterministicKeyError} names the path to what has no deterministic encoding: a Map, a Set, a function,
   *   a symbol, an instance of a class, a cycle, more than 500 levels.
   */
  write(key: unknown, to: OutputBytes): void {
    this.#to = to;
    this.#parents.length = 0;
    this.#path.length = 0;
    this.#shapes.restart();
    this.#value(key);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        writeString(TAG.string, value, this.#to);
        return;
      case 'number':
        writeNumber(value === 0 ? 0 : value, this.#to);
        return;
      case 'bigint':
        writeString(TAG.bigint, value.toString(16), this.#to);
        return;
      case 'boolean':
        this.#to.byte(value ? TAG.true : TAG.false);
        return;
      case 'undefined':
        this.#to.byte(TAG.undefined);
        return;
      case 'object':
        if (value === null) this.#to.byte(TAG.null);
        else this.#object(value);
        return;
      case 'symbol':
      case 'function':
        this.#refuse(`a ${typeof value}`);
    }
  }

  #object(value: object): void {
    if (this.#parents.includes(value)) this.#refuse('a cycle');
    if (this.#parents.length >= MOST_LEVELS) {
      this.#path.length = 0;
      this.#refuse('a key of more than 500 levels');
    }
    if (value instanceof Date) {
      this.#to.byte(TAG.date);
      this.#to.doubleLE(value.getTime());
    } else if (value instanceof Uint8Array) {
      this.#to.tagged(TAG.view, UINT8);
      this.#to.tagged(TAG.arrayBuffer, value.length);
      this.#to.raw(value);
      this.#to.count(0);
      this.#to.count(value.length);
    } else if (Array.isArray(value)) {
      this.#array(value);
    } else {
      this.#plain(value);
    }
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    this.#to.tagged(TAG.array, length);
    this.#parents.push(value);
    for (let index = 0; index < length; index++) {
      this.#path.push(index);
      this.#value(value[index]);
      this.#path.pop();
    }
    this.#parents.pop();
  }

  #plain(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) this.#refuse(classOf(value));
    if (Object.getOwnPropertySymbols(value).length > 0) this.#refuse('a property whose name is a symbol');
    const shape = this.#shapes.guess(value) ?? this.#shapes.of(Object.keys(value));
    this.#to.byte(TAG.object);
    this.#to.raw(shape.bytes);
    this.#parents.push(value);
    for (const name of shape.names) {
      this.#path.push(name);
      this.#value((value as Readonly<Record<string, unknown>>)[name]); // it has these names
      this.#path.pop();
    }
    this.#parents.pop();
  }

  #refuse(what: string): never {
    const path = this.#path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    throw new NonDeterministicKeyError(this.#transform, `${what} at key${path}`);
  }
}

function classOf(value: object): string {
  const { constructor } = value;
  // An object from another realm, or one whose constructor was overwritten, may have anything here.
  const name: unknown = typeof constructor === 'function' ? constructor.name : undefined;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class';
}
