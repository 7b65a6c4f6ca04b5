import { InputBytes } from './input-bytes.ts';
import { ShapeReader, type Shape } from './shape-reader.ts';
import { TAG, VIEWS } from './value-format.ts';

/** Stands for an array's missing item while it is read; no value can be it. */
const HOLE = Symbol('hole');
const NOWHERE = new InputBytes(new Uint8Array());

/** What the values of a chunk share, where they do not have all in them. */
export interface PooledText {
  /** All latin1 strings, in their order. */
  readonly text: string;
  readonly shapes: readonly (readonly string[])[];
  /** False if no `reference` is among them, so that objects need not be numbered. */
  readonly hasReferences: boolean;
}

/**
 * Reads values in the order in which a ValueWriter wrote them. Every read makes new objects.
 *
 * @throws {RangeError} where the bytes are no such values. @throws {EndOfInput} where they end too early.
 */
export class ValueReader {
  readonly #pool: PooledText | undefined;
  readonly #shapes = new ShapeReader();
  #from: InputBytes = NOWHERE;
  #textAt = 0;
  #begun: unknown[] = [];

  /** @param pool Absent if each value has all in it. */
  constructor(pool?: PooledText) {
    this.#pool = pool;
  }

  read(from: InputBytes): unknown {
    this.#from = from;
    if (this.#begun.length > 0) this.#begun = [];
    const value = this.#value();
    if (value === HOLE) throw new RangeError('Cannot decode a value as it must be one: received a hole');
    return value;
  }

  #value(): unknown {
    const tag = this.#from.byte();
    switch (tag) {
      case TAG.string:
        return this.#string();
      case TAG.integer: {
        const zigzag = this.#from.count();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case TAG.object:
        return this.#object({});
      case TAG.nullObject:
        return this.#object(Object.create(null) as Record<string, unknown>);
      case TAG.array:
        return this.#array();
      case TAG.double:
        return this.#from.doubleLE();
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
        return this.#reference(this.#from.count());
      default:
        return this.#other(tag);
    }
  }

  #other(tag: number): unknown {
    switch (tag) {
      case TAG.wideString:
        return this.#from.utf16(this.#from.count());
      case TAG.bigint: {
        const digits = this.#string();
        return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
      }
      case TAG.date:
        return this.#begin(new Date(this.#from.doubleLE()));
      case TAG.map: {
        const map = this.#begin(new Map<unknown, unknown>());
        for (let left = this.#from.count(); left > 0; left--) {
          const key = this.#value();
          map.set(key, this.#value());
        }
        return map;
      }
      case TAG.set: {
        const set = this.#begin(new Set<unknown>());
        for (let left = this.#from.count(); left > 0; left--) set.add(this.#value());
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
        return this.#begin(new Uint8Array(this.#from.raw(this.#from.count())).buffer);
      case TAG.buffer:
        return this.#begin(Buffer.from(this.#from.raw(this.#from.count())));
      case TAG.view:
        return this.#view();
      default:
        throw new RangeError(`Cannot decode a value as its tag must be known: received ${tag}`);
    }
  }

  #reference(id: number): unknown {
    if (id < this.#begun.length) return this.#begun[id];
    throw new RangeError(`Cannot decode a reference as its object must have begun: received number ${id}`);
  }

  #object(target: Record<string, unknown>): object {
    const shape = this.#pool === undefined ? this.#shapes.read(this.#from) : this.#pooledShape(this.#pool);
    this.#begin(target);
    for (const key of shape) {
      const value = this.#value();
      if (key === '__proto__') defineOwn(target, key, value);
      else target[key] = value;
    }
    return target;
  }

  #pooledShape({ shapes }: PooledText): Shape {
    const shape = shapes[this.#from.count()];
    if (shape === undefined) {
      throw new RangeError('Cannot decode an object as its shape must be known: received none');
    }
    return shape;
  }

  #array(): unknown[] {
    const length = this.#from.count();
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
    const View = VIEWS[this.#from.byte()];
    const buffer = this.#value();
    const offset = this.#from.count();
    const length = this.#from.count();
    if (View === undefined || !(buffer instanceof ArrayBuffer)) {
      throw new RangeError('Cannot decode a typed array as its kind must be known: received another');
    }
    // All of them take the same arguments, which their union of types cannot say.
    const view = new (View as DataViewConstructor)(buffer, offset, length);
    this.#begun[id] = view;
    return view;
  }

  #begin<O extends object>(object: O): O {
    if (this.#pool?.hasReferences !== false) this.#begun.push(object);
    return object;
  }

  #string(): string {
    const length = this.#from.count();
    if (this.#pool === undefined) return this.#from.latin1(length);
    const from = this.#textAt;
    this.#textAt += length;
    return this.#pool.text.slice(from, this.#textAt);
  }
}

/** An own property of this name is data; assigning it would set the prototype. */
function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
