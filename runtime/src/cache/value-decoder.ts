import { TAG, VIEWS, type EncodedValues } from './value-format.ts';

/** Stands for an array's missing item while it is read; no value can be it. */
const HOLE = Symbol('hole');

/**
 * Reads values in the order in which they were added to a ValueEncoder. Every read makes new objects.
 *
 * @throws {RangeError} where the bytes are no such values; checksums keep that from happening.
 */
export class ValueDecoder {
  readonly #encoded: EncodedValues;
  readonly #text: string;
  #at = 0;
  #textAt = 0;
  #begun: unknown[] = [];

  constructor(encoded: EncodedValues) {
    this.#encoded = encoded;
    this.#text = encoded.text.toString('latin1');
  }

  next(): unknown {
    this.#begun = [];
    return this.#value();
  }

  #value(): unknown {
    const tag = this.#byte();
    switch (tag) {
      case TAG.string:
        return this.#string();
      case TAG.integer: {
        const zigzag = this.#count();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case TAG.object:
        return this.#object({});
      case TAG.nullObject:
        return this.#object(Object.create(null) as Record<string, unknown>);
      case TAG.array:
        return this.#array();
      case TAG.double:
        return this.#double();
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.hole:
        return HOLE;
      case TAG.reference:
        return this.#begun[this.#count()];
      default:
        return this.#other(tag);
    }
  }

  #other(tag: number): unknown {
    switch (tag) {
      case TAG.wideString: {
        const length = this.#count() * 2;
        this.#at += length;
        return this.#encoded.bytes.toString('utf16le', this.#at - length, this.#at);
      }
      case TAG.bigint: {
        const digits = this.#string();
        return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
      }
      case TAG.date:
        return this.#begin(new Date(this.#double()));
      case TAG.map: {
        const map = this.#begin(new Map<unknown, unknown>());
        for (let left = this.#count(); left > 0; left--) {
          const key = this.#value();
          map.set(key, this.#value());
        }
        return map;
      }
      case TAG.set: {
        const set = this.#begin(new Set<unknown>());
        for (let left = this.#count(); left > 0; left--) set.add(this.#value());
        return set;
      }
      case TAG.regExp: {
        const id = this.#begun.push(undefined) - 1;
        const [source, flags, lastIndex] = [this.#value(), this.#value(), this.#value()];
        const made = new RegExp(String(source), String(flags));
        made.lastIndex = Number(lastIndex);
        this.#begun[id] = made;
        return made;
      }
      case TAG.arrayBuffer:
        return this.#begin(new Uint8Array(this.#raw()).buffer);
      case TAG.buffer:
        return this.#begin(Buffer.from(this.#raw()));
      case TAG.view:
        return this.#view();
      default:
        throw new RangeError(`Cannot decode a value as its tag must be known: received ${tag}`);
    }
  }

  #object(target: Record<string, unknown>): object {
    const shape = this.#encoded.shapes[this.#count()];
    if (shape === undefined)
      throw new RangeError('Cannot decode an object as its shape must be known: received none');
    this.#begin(target);
    for (const key of shape) {
      const value = this.#value();
      if (key === '__proto__') defineOwn(target, key, value);
      else target[key] = value;
    }
    return target;
  }

  #array(): unknown[] {
    const length = this.#count();
    const array: unknown[] = [];
    this.#begin(array);
    for (let index = 0; index < length; index++) {
      const item = this.#value();
      if (item === HOLE) array.length = index + 1;
      else array.push(item);
    }
    return array;
  }

  #view(): ArrayBufferView {
    const id = this.#begun.push(undefined) - 1;
    const View = VIEWS[this.#byte()];
    const buffer = this.#value();
    const offset = this.#count();
    const length = this.#count();
    if (View === undefined || !(buffer instanceof ArrayBuffer)) {
      throw new RangeError('Cannot decode a typed array as its kind must be known: received another');
    }
    // All of them take the same arguments, which their union of types cannot say.
    const view = new (View as DataViewConstructor)(buffer, offset, length);
    this.#begun[id] = view;
    return view;
  }

  #begin<O extends object>(object: O): O {
    if (this.#encoded.hasReferences) this.#begun.push(object);
    return object;
  }

  #string(): string {
    const from = this.#textAt;
    this.#textAt += this.#count();
    return this.#text.slice(from, this.#textAt);
  }

  #raw(): Buffer {
    const length = this.#count();
    this.#at += length;
    return this.#encoded.bytes.subarray(this.#at - length, this.#at);
  }

  #double(): number {
    this.#at += 8;
    return this.#encoded.bytes.readDoubleLE(this.#at - 8);
  }

  #count(): number {
    let count = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      count += (byte & 0x7f) * factor;
      if (byte < 0x80) return count;
    }
  }

  #byte(): number {
    const byte = this.#encoded.bytes[this.#at++];
    if (byte === undefined)
      throw new RangeError('Cannot decode a value as its bytes must be there: received the end');
    return byte;
  }
}

/** An own property of this name is data; assigning it would set the prototype. */
function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
