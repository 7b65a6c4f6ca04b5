import { types } from 'node:util';

import { requireData, Unfaithful } from './faithful.ts';
import { TAG, VIEWS, type EncodedValues } from './value-format.ts';

/** Room that a scalar and a tag need at most. */
const SCALAR_BYTES = 16;
/** Up to so many objects in one element are compared one by one; a Map takes over from there. */
const FEW_OBJECTS = 8;
/** Up to this length a loop copies a string faster than a call into the runtime. */
const SHORT_STRING = 64;
/** How many objects are checked wholly at first, and then one of how many. */
const CHECKED_FIRST = 1024;
const CHECKED_LATER = 32;
/** Longer arrays are not checked for other properties: naming all items would cost more than writing them. */
const LONGEST_CHECKED = 10_000;

/**
 * Writes values to bytes in the form of value-format.ts, and refuses what would come back changed.
 *
 * Refused are functions, symbols, instances of classes, proxies, accessors, symbol keys, hidden properties, Errors,
 * boxed primitives, weak and shared things. What prototypes tell is checked on every object; what only a look at each
 * property tells (accessors, hidden ones) on the first 1024 objects and arrays, and on one of 32 after these. Frozen
 * objects come back unfrozen.
 */
export class ValueEncoder {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #text: Buffer = Buffer.allocUnsafe(1 << 16);
  #textLength = 0;
  #shapes: (readonly string[])[] = [];
  #shapeIds = new Map<string, number>();
  #lastShape = 0;
  /** By shape: which one came after it the last time; mostly it does so again. */
  #following: number[] = [];
  #hasReferences = false;
  /** The objects of this element that have begun. */
  readonly #begun: object[] = [];
  #begunCount = 0;
  #begunIds: Map<object, number> | undefined;
  #unchecked = 0;
  #checked = 0;

  /** Bytes and characters so far. */
  get size(): number {
    return this.#length + this.#textLength;
  }

  /** Appends one element. After a throw nothing of this encoder can be used. @throws {Unfaithful} */
  add(element: unknown): void {
    this.#begunCount = 0;
    this.#begunIds = undefined;
    this.#value(element);
  }

  /** All that was added since the last take. The bytes are valid until the next add. */
  take(): EncodedValues {
    const taken = {
      bytes: this.#bytes.subarray(0, this.#length),
      text: this.#text.subarray(0, this.#textLength),
      shapes: this.#shapes,
      hasReferences: this.#hasReferences,
    };
    this.#length = 0;
    this.#textLength = 0;
    this.#shapes = [];
    this.#shapeIds = new Map();
    this.#following = [];
    this.#begun.length = 0; // lets go of the last element
    this.#hasReferences = false;
    return taken;
  }

  #value(value: unknown): void {
    if (this.#length + SCALAR_BYTES > this.#bytes.length) this.#grow(SCALAR_BYTES);
    switch (typeof value) {
      case 'string':
        this.#string(TAG.string, value);
        return;
      case 'number':
        this.#number(value);
        return;
      case 'object':
        if (value === null) this.#bytes[this.#length++] = TAG.null;
        else this.#object(value);
        return;
      case 'boolean':
        this.#bytes[this.#length++] = value ? TAG.true : TAG.false;
        return;
      case 'undefined':
        this.#bytes[this.#length++] = TAG.undefined;
        return;
      case 'bigint':
        this.#string(TAG.bigint, value.toString(16));
        return;
      case 'function':
      case 'symbol':
        throw new Unfaithful(value);
    }
  }

  /** A short string is copied here, unit by unit: a call into the runtime would take longer. */
  #string(tag: number, value: string): void {
    const { length } = value;
    if (this.#textLength + length > this.#text.length)
      this.#text = grown(this.#text, this.#textLength, length);
    const text = this.#text;
    const at = this.#textLength;
    if (length > SHORT_STRING) {
      if (/[^\0-\xff]/.test(value)) {
        this.#wideString(value);
        return;
      }
      text.write(value, at, 'latin1');
    } else {
      for (let index = 0; index < length; index++) {
        const unit = value.charCodeAt(index);
        if (unit > 0xff) {
          this.#wideString(value);
          return;
        }
        text[at + index] = unit;
      }
    }
    this.#textLength += length;
    this.#tagged(tag, length);
  }

  #wideString(value: string): void {
    this.#grow(value.length * 2 + SCALAR_BYTES);
    this.#tagged(TAG.wideString, value.length);
    this.#length += this.#bytes.write(value, this.#length, 'utf16le');
  }

  #number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      this.#tagged(TAG.integer, ((value << 1) ^ (value >> 31)) >>> 0);
    } else {
      this.#bytes[this.#length] = TAG.double;
      this.#bytes.writeDoubleLE(value, this.#length + 1);
      this.#length += 9;
    }
  }

  #object(value: object): void {
    if (this.#isReference(value)) return;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) this.#plain(TAG.object, value);
    else if (prototype === Array.prototype && Array.isArray(value)) this.#array(value);
    else if (prototype === null) this.#plain(TAG.nullObject, value);
    else this.#other(value, prototype);
  }

  #plain(tag: number, value: object): void {
    if (this.#isChecked()) {
      // These have the prototype of a plain object, and are something else.
      if (types.isModuleNamespaceObject(value) || types.isArgumentsObject(value)) throw new Unfaithful(value);
      requireData(value, Object.keys(value).length);
    }
    const guess = this.#following[this.#lastShape] ?? 0;
    const shape = isShapeOf(value, this.#shapes[guess]) ? guess : this.#shape(Object.keys(value));
    this.#following[this.#lastShape] = shape;
    this.#lastShape = shape;
    this.#tagged(tag, shape);
    // The shape's keys are all of the object's own; this loop is the fastest way over them.
    const record = value as Readonly<Record<string, unknown>>;
    if (shape === guess) for (const key in record) this.#value(record[key]);
    else for (const key of this.#shapes[shape] ?? []) this.#value(record[key]);
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    if (length <= LONGEST_CHECKED && this.#isChecked()) requireItems(value);
    this.#tagged(TAG.array, length);
    let holes = 0;
    for (let index = 0; index < length; index++) {
      const item = value[index];
      if (item === undefined && !(index in value)) {
        if (++holes > LONGEST_CHECKED) throw new Unfaithful(value, 'a sparse array');
        if (this.#length + SCALAR_BYTES > this.#bytes.length) this.#grow(SCALAR_BYTES);
        this.#bytes[this.#length++] = TAG.hole;
      } else {
        this.#value(item);
      }
    }
  }

  /** The built-in classes; by their own check, so that nothing with a borrowed prototype passes. */
  #other(value: object, prototype: unknown): void {
    if (ArrayBuffer.isView(value)) {
      this.#view(value, prototype);
      return;
    }
    if (types.isRegExp(value) ? Object.keys(value).length > 0 : Reflect.ownKeys(value).length > 0) {
      throw new Unfaithful(value);
    }
    if (types.isDate(value) && prototype === Date.prototype) {
      this.#bytes[this.#length] = TAG.date;
      this.#bytes.writeDoubleLE(value.getTime(), this.#length + 1);
      this.#length += 9;
    } else if (types.isMap(value) && prototype === Map.prototype) {
      this.#tagged(TAG.map, value.size);
      for (const [key, item] of value) {
        this.#value(key);
        this.#value(item);
      }
    } else if (types.isSet(value) && prototype === Set.prototype) {
      this.#tagged(TAG.set, value.size);
      for (const item of value) this.#value(item);
    } else if (types.isRegExp(value) && prototype === RegExp.prototype) {
      this.#bytes[this.#length++] = TAG.regExp;
      this.#value(value.source);
      this.#value(value.flags);
      this.#value(value.lastIndex);
    } else if (types.isArrayBuffer(value) && prototype === ArrayBuffer.prototype && !isResizable(value)) {
      this.#raw(TAG.arrayBuffer, new Uint8Array(value));
    } else {
      throw new Unfaithful(value);
    }
  }

  #view(value: ArrayBufferView, prototype: unknown): void {
    if (prototype === Buffer.prototype) {
      this.#raw(TAG.buffer, value as Buffer); // its prototype says so
      return;
    }
    const kind = VIEWS.findIndex((view) => prototype === view.prototype);
    const items = kind === VIEWS.length - 1 ? value.byteLength : (value as Uint8Array).length; // only a DataView has none
    const own = kind === VIEWS.length - 1 ? Reflect.ownKeys(value).length : Object.keys(value).length - items;
    if (kind === -1 || own > 0 || types.isSharedArrayBuffer(value.buffer)) throw new Unfaithful(value);
    this.#bytes[this.#length++] = TAG.view;
    this.#bytes[this.#length++] = kind;
    this.#value(value.buffer);
    this.#grow(SCALAR_BYTES);
    this.#count(value.byteOffset);
    this.#count(items);
  }

  #raw(tag: number, bytes: Uint8Array): void {
    this.#grow(bytes.length + SCALAR_BYTES);
    this.#tagged(tag, bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #isReference(value: object): boolean {
    const id = this.#idOf(value);
    if (id === -1) {
      this.#begun[this.#begunCount++] = value;
      return false;
    }
    this.#hasReferences = true;
    this.#tagged(TAG.reference, id);
    return true;
  }

  #idOf(value: object): number {
    if (this.#begunCount > FEW_OBJECTS) {
      this.#begunIds ??= new Map(this.#begun.slice(0, FEW_OBJECTS + 1).map((each, index) => [each, index]));
      const id = this.#begunIds.get(value) ?? -1;
      if (id === -1) this.#begunIds.set(value, this.#begunCount);
      return id;
    }
    for (let id = 0; id < this.#begunCount; id++) if (this.#begun[id] === value) return id;
    return -1;
  }

  #shape(keys: readonly string[]): number {
    const name = JSON.stringify(keys);
    let id = this.#shapeIds.get(name);
    if (id === undefined) {
      id = this.#shapes.push(keys) - 1;
      this.#shapeIds.set(name, id);
    }
    return id;
  }

  #isChecked(): boolean {
    if (this.#checked < CHECKED_FIRST) {
      this.#checked++;
      return true;
    }
    this.#unchecked = (this.#unchecked + 1) % CHECKED_LATER;
    return this.#unchecked === 0;
  }

  #tagged(tag: number, count: number): void {
    this.#bytes[this.#length++] = tag;
    this.#count(count);
  }

  #count(count: number): void {
    let rest = count;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(room: number): void {
    if (this.#length + room > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#length, room);
  }
}

/** A bigger buffer with the same beginning. */
function grown(buffer: Buffer, length: number, room: number): Buffer {
  const bigger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + room));
  buffer.copy(bigger, 0, 0, length);
  return bigger;
}

/** Names come after the indices in the order of keys, so that the last one tells. */
function requireItems(array: readonly unknown[]): void {
  const keys = Object.keys(array);
  const last = keys.at(-1);
  requireData(array, last === undefined || Number(last) < array.length ? keys.length : -1);
}

/** Whether these are the keys of `value`, in this order; inherited ones count, so that it is wrong on the safe side. */
function isShapeOf(value: object, shape: readonly string[] | undefined): boolean {
  if (shape === undefined) return false;
  let index = 0;
  for (const key in value) if (key !== shape[index++]) return false;
  return index === shape.length;
}

/** Node 20's types do not know it yet. */
function isResizable(buffer: ArrayBuffer): boolean {
  return (buffer as { readonly resizable?: boolean }).resizable === true;
}
