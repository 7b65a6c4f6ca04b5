import { types } from 'node:util';

import { requireData, Unfaithful } from './faithful.ts';
import { OutputBytes } from './output-bytes.ts';
import { ShapeWriter, type WrittenShape } from './shape-writer.ts';
import { TAG, VIEWS } from './value-format.ts';
import { writeNumber, writeString, writeWideString } from './write-scalar.ts';

/** Up to so many objects in one element are compared one by one; a Map takes over from there. */
const FEW_OBJECTS = 8;
const NOWHERE = new OutputBytes();
/** How many objects are checked wholly at first, and then one of how many. */
const CHECKED_FIRST = 1024;
const CHECKED_LATER = 32;
/** A view of less than half of a larger buffer is written without the rest of it. */
const LARGE_BUFFER = 4096;
/** Stands among the objects for the buffer of such a part, which nothing else refers to. */
const PART = Object.freeze({});
/** Longer arrays are not checked for other properties: naming all items would cost more than writing them. */
const LONGEST_CHECKED = 10_000;

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
 * objects come back unfrozen; a typed array of a small part of a large buffer comes back with that part alone.
 */
export class ValueWriter {
  #to: OutputBytes = NOWHERE;
  #pool: ValuePool | undefined;
  #shapes = new ShapeWriter();
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
    this.#shapes = new ShapeWriter({ pool: pool?.shapes });
    this.#begun.length = 0; // lets go of the last element
    this.#hasReferences = false;
  }

  /** Writes one value. After a throw, a part of it may be written. @throws {Unfaithful} */
  write(value: unknown, to: OutputBytes): void {
    this.#to = to;
    this.#begunCount = 0;
    this.#begunIds = undefined;
    this.#shapes.restart();
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
    const record = value as Readonly<Record<string, unknown>>;
    const guess = this.#shapes.guess(value);
    if (guess !== undefined) {
      this.#begin(tag, guess);
      // The shape's names are all that it has; this loop is the fastest way over them.
      for (const name in record) this.#value(record[name]);
    } else {
      const shape = this.#shapes.of(Object.keys(value));
      this.#begin(tag, shape);
      for (const name of shape.names) this.#value(record[name]);
    }
  }

  #begin(tag: number, shape: WrittenShape): void {
    if (this.#pool === undefined) {
      this.#to.byte(tag);
      this.#to.raw(shape.bytes);
    } else {
      this.#to.tagged(tag, shape.id);
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
    const isDataView = kind === VIEWS.length - 1;
    const items = isDataView ? value.byteLength : (value as Uint8Array).length; // only a DataView has none
    // Listing the keys of a long one would cost more than its bytes.
    const named = items > LONGEST_CHECKED ? 0 : Object.keys(value).length - items;
    const own = isDataView ? Reflect.ownKeys(value).length : named;
    if (kind === -1 || own > 0 || types.isSharedArrayBuffer(value.buffer)) throw new Unfaithful(value);
    this.#to.tagged(TAG.view, kind);
    const { buffer, byteOffset, byteLength } = value;
    if (buffer.byteLength > LARGE_BUFFER && byteLength * 2 < buffer.byteLength) {
      this.#begun[this.#begunCount++] = PART;
      this.#raw(TAG.arrayBuffer, new Uint8Array(buffer, byteOffset, byteLength));
      this.#to.count(0);
    } else {
      this.#value(buffer);
      this.#to.count(byteOffset);
    }
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

/** Node 20's types do not know it yet. */
function isResizable(buffer: ArrayBuffer): boolean {
  return (buffer as { readonly resizable?: boolean }).resizable === true;
}
