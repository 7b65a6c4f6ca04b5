import { types } from 'node:util';

import { requireData, Unfaithful } from './faithful.ts';
import { OutputBytes } from './output-bytes.ts';
import { TAG, VIEWS } from './value-format.ts';

/** Up to so many objects in one element are compared one by one; a Map takes over from there. */
const FEW_OBJECTS = 8;
const NOWHERE = new OutputBytes();
const NO_SHAPE = shapeBytes([]);
/** How many objects are checked wholly at first, and then one of how many. */
const CHECKED_FIRST = 1024;
const CHECKED_LATER = 32;
/** Longer arrays are not checked for other properties: naming all items would cost more than writing them. */
const LONGEST_CHECKED = 10_000;

/** Shapes are numbered anew after so many, so that those of dictionaries are not kept for ever. */
const MOST_SHAPES = 1024;
/** An object with more is a dictionary: others will not have its keys. */
const MOST_KEYS = 64;

/** What the values of a chunk share: text, and the property names of objects. */
export interface ValuePool {
  readonly text: OutputBytes;
  /** By number; the writer adds to it. */
  readonly shapes: (readonly string[])[];
}

/**
 * Writes values to bytes in the form of value-format.ts, and refuses what would come back changed.
 *
 * Refused are functions, symbols, instances of classes, proxies, accessors, symbol keys, hidden properties, Errors,
 * boxed primitives, weak and shared things. What prototypes tell is checked on every object; what only a look at each
 * property tells (accessors, hidden ones) on the first 1024 objects and arrays, and on one of 32 after these. Frozen
 * objects come back unfrozen.
 */
export class ValueWriter {
  #to: OutputBytes = NOWHERE;
  #pool: ValuePool | undefined;
  #shapes: (readonly string[])[] = [];
  /** By shape: how it is written where there is no pool. */
  #shapeBytes: Uint8Array[] = [];
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

  /** Whether a reference was written since the last call of `share`. */
  get hasReferences(): boolean {
    return this.#hasReferences;
  }

  /** From now on text and shapes go to `pool`, which must be empty; without one each value has its own in it. */
  share(pool: ValuePool | undefined): void {
    this.#pool = pool;
    this.#forgetShapes();
    this.#begun.length = 0; // lets go of the last element
    this.#hasReferences = false;
  }

  /** Writes one value. After a throw, a part of it may be written. @throws {Unfaithful} */
  write(value: unknown, to: OutputBytes): void {
    this.#to = to;
    this.#begunCount = 0;
    this.#begunIds = undefined;
    this.#lastShape = 0;
    this.#value(value);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#string(TAG.string, value);
        return;
      case 'number':
        writeNumber(value, this.#to);
        return;
      case 'object':
        if (value === null) this.#to.byte(TAG.null);
        else this.#object(value);
        return;
      case 'boolean':
        this.#to.byte(value ? TAG.true : TAG.false);
        return;
      case 'undefined':
        this.#to.byte(TAG.undefined);
        return;
      case 'bigint':
        this.#string(TAG.bigint, value.toString(16));
        return;
      case 'function':
      case 'symbol':
        throw new Unfaithful(value);
    }
  }

  #string(tag: number, value: string): void {
    if (this.#pool === undefined) writeString(tag, value, this.#to);
    else if (this.#pool.text.latin1(value)) this.#to.tagged(tag, value.length);
    else writeWideString(value, this.#to);
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
    // The shape's keys are all of the object's own; this loop is the fastest way over them.
    const record = value as Readonly<Record<string, unknown>>;
    if (isShapeOf(value, this.#shapes[guess])) {
      this.#begin(tag, guess);
      for (const key in record) this.#value(record[key]);
      return;
    }
    const keys = Object.keys(value);
    if (this.#pool === undefined && keys.length > MOST_KEYS) {
      this.#to.byte(tag);
      this.#to.raw(shapeBytes(keys));
    } else {
      const shape = this.#shape(keys);
      this.#following[this.#lastShape] = shape;
      this.#begin(tag, shape);
    }
    for (const key of keys) this.#value(record[key]);
  }

  #begin(tag: number, shape: number): void {
    this.#lastShape = shape;
    if (this.#pool !== undefined) {
      this.#to.tagged(tag, shape);
    } else {
      this.#to.byte(tag);
      this.#to.raw(this.#shapeBytes[shape] ?? NO_SHAPE);
    }
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    if (length <= LONGEST_CHECKED && this.#isChecked()) requireItems(value);
    this.#to.tagged(TAG.array, length);
    let holes = 0;
    for (let index = 0; index < length; index++) {
      const item = value[index];
      if (item === undefined && !(index in value)) {
        if (++holes > LONGEST_CHECKED) throw new Unfaithful(value, 'a sparse array');
        this.#to.byte(TAG.hole);
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
      this.#to.byte(TAG.date);
      this.#to.doubleLE(value.getTime());
    } else if (types.isMap(value) && prototype === Map.prototype) {
      this.#to.tagged(TAG.map, value.size);
      for (const [key, item] of value) {
        this.#value(key);
        this.#value(item);
      }
    } else if (types.isSet(value) && prototype === Set.prototype) {
      this.#to.tagged(TAG.set, value.size);
      for (const item of value) this.#value(item);
    } else if (types.isRegExp(value) && prototype === RegExp.prototype) {
      this.#to.byte(TAG.regExp);
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
    this.#to.tagged(TAG.view, kind);
    this.#value(value.buffer);
    this.#to.count(value.byteOffset);
    this.#to.count(items);
  }

  #raw(tag: number, bytes: Uint8Array): void {
    this.#to.tagged(tag, bytes.length);
    this.#to.raw(bytes);
  }

  #isReference(value: object): boolean {
    const id = this.#idOf(value);
    if (id === -1) {
      this.#begun[this.#begunCount++] = value;
      return false;
    }
    this.#hasReferences = true;
    this.#to.tagged(TAG.reference, id);
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
    const known = this.#shapeIds.get(name);
    if (known !== undefined) return known;
    if (this.#pool === undefined && this.#shapes.length >= MOST_SHAPES) this.#forgetShapes();
    const id = this.#shapes.push(keys) - 1;
    this.#shapeIds.set(name, id);
    if (this.#pool === undefined) this.#shapeBytes.push(shapeBytes(keys));
    return id;
  }

  #forgetShapes(): void {
    this.#shapes = this.#pool?.shapes ?? [];
    this.#shapeBytes = [];
    this.#shapeIds = new Map();
    this.#following = [];
    this.#lastShape = 0;
  }

  #isChecked(): boolean {
    if (this.#checked < CHECKED_FIRST) {
      this.#checked++;
      return true;
    }
    this.#unchecked = (this.#unchecked + 1) % CHECKED_LATER;
    return this.#unchecked === 0;
  }
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

/** A number in the shortest form that is exact. */
export function writeNumber(value: number, to: OutputBytes): void {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    to.tagged(TAG.integer, ((value << 1) ^ (value >> 31)) >>> 0);
  } else {
    to.byte(TAG.double);
    to.doubleLE(value);
  }
}

/** A string with its text after its length. */
export function writeString(tag: number, value: string, to: OutputBytes): void {
  const start = to.length;
  to.tagged(tag, value.length);
  if (to.latin1(value)) return;
  to.truncate(start);
  writeWideString(value, to);
}

function writeWideString(value: string, to: OutputBytes): void {
  to.tagged(TAG.wideString, value.length);
  to.utf16(value);
}

/** The names of an object's properties, after the count of bytes that they take. */
export function shapeBytes(keys: readonly string[]): Uint8Array {
  const bytes = new OutputBytes();
  for (const key of keys) writeString(TAG.string, key, bytes);
  bytes.prefixLength(0);
  return bytes.take();
}
