import { types } from 'node:util';
import { PCollection } from '../model/pcollection.ts';
import { Pipeline } from '../model/pipeline.ts';
import { describeNative } from './native-objects.ts';
import { functionName, ownProperty } from './own-property.ts';
import { importRefusal, Refusal } from './refusal.ts';
import { privateFields } from './scopes.ts';
import { TAG } from './tags.ts';
import type { Walk } from './walk.ts';

/** Deeper values are refused: they would overflow the stack. */
const DEPTH_LIMIT = 1_000;
/** From this length on an array's other properties are asked from the inspector, which skips the elements. */
const LONG = 1_000;
const IDENTITY = Symbol.for('millrace.identity');
const WELL_KNOWN = new Map<symbol, string>(
  Object.getOwnPropertyNames(Symbol).flatMap((name): [symbol, string][] => {
    const value: unknown = Object.getOwnPropertyDescriptor(Symbol, name)?.value;
    return typeof value === 'symbol' ? [[value, name]] : [];
  }),
);

/**
 * Writes values, in depth: so that two that a program can tell apart give different bytes.
 *
 * - The order of an object's properties counts, as a program can see it; so do holes, -0 and shared references.
 * - A class instance is its class, its own properties and its private fields. An accessor is its functions, never called.
 * - Functions become parts of their own.
 * - Not seen: whether a property can be written, and whether an object is frozen; a unique symbol is its description.
 */
export class ValueWriter {
  readonly #walk: Walk;
  #depth = 0;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** @throws {Refusal} for what has no digest: promises, weak collections, sockets, proxies. */
  write(value: unknown): void {
    const { writer } = this.#walk;
    switch (typeof value) {
      case 'undefined':
        writer.byte(TAG.undefined);
        return;
      case 'boolean':
        writer.byte(value ? TAG.true : TAG.false);
        return;
      case 'number':
        writer.byte(TAG.number);
        writer.number(value);
        return;
      case 'string':
        writer.byte(TAG.string);
        writer.string(value);
        return;
      case 'bigint':
        writer.byte(TAG.bigint);
        writer.string(value.toString(16));
        return;
      case 'symbol':
        this.#symbol(value);
        return;
      case 'function':
        this.writeFunction(
          value,
          'function',
          functionName(value) === '' ? 'a function' : `"${functionName(value)}"`,
        );
        return;
      case 'object':
        if (value === null) writer.byte(TAG.null);
        else this.#object(value);
    }
  }

  /**
   * Writes where the part of a function is, or its name if it is built in.
   *
   * @param kind What its part is called: "helper", "method"; a class is called so in any case.
   */
  writeFunction(fn: object, kind: string, subject: string, isMember = false): void {
    const { writer, tools, current } = this.#walk;
    if (types.isProxy(fn)) throw new Refusal('is a Proxy');
    const builtin = tools.builtins.nameOf(fn);
    if (builtin !== undefined) {
      writer.byte(TAG.builtin);
      writer.string(builtin);
      return;
    }
    const identity = identityOf(fn);
    if (identity === 'millrace import') throw importRefusal(); // a cell's import(), as the kernel has it
    if (identity !== undefined) {
      writer.byte(TAG.identity);
      writer.string(identity);
      return;
    }
    writer.byte(TAG.part);
    const path = this.#walk.functionPath(fn, () => ({
      label: subject.startsWith('"') ? `${isClass(fn) ? 'class' : kind} ${subject}` : subject,
      subject,
      from: current.subject === '' || current.subject === subject ? '' : ` used by ${current.subject}`,
      isMember,
    }));
    writer.string(path);
  }

  /** Writes the own properties of `value`, but for those in `except`; with `isMember` its functions are methods. */
  writeProperties(value: object, except: (key: string | symbol) => boolean, isMember = false): void {
    const { writer } = this.#walk;
    for (const name of Object.getOwnPropertyNames(value)) {
      if (!except(name)) this.#property(value, name, isMember);
    }
    for (const symbol of Object.getOwnPropertySymbols(value)) {
      if (!except(symbol)) this.#property(value, symbol, isMember);
    }
    writer.byte(TAG.end);
  }

  #symbol(value: symbol): void {
    const { writer } = this.#walk;
    const wellKnown = WELL_KNOWN.get(value);
    const registered = Symbol.keyFor(value);
    if (wellKnown !== undefined) writer.byte(TAG.wellKnownSymbol);
    else writer.byte(registered !== undefined ? TAG.registeredSymbol : TAG.uniqueSymbol);
    writer.string(wellKnown ?? registered ?? value.description ?? '');
  }

  #object(value: object): void {
    const { writer } = this.#walk;
    const place = this.#walk.seen(value);
    if (place !== undefined) {
      writer.byte(TAG.seen);
      writer.string(place.path === this.#walk.current.path ? '' : place.path);
      writer.count(place.index);
      return;
    }
    if (types.isProxy(value)) throw new Refusal('is a Proxy');
    if (++this.#depth > DEPTH_LIMIT) throw new Refusal(`is nested more than ${DEPTH_LIMIT} levels deep`);
    if (Array.isArray(value)) this.#array(value);
    else if (Object.getPrototypeOf(value) === Object.prototype) this.#plain(value);
    else this.#instance(value);
    this.#depth--;
  }

  /** The most frequent case, so each property is asked for once. */
  #plain(value: object): void {
    // Modules of Node are plain objects, and known as a whole.
    if (this.#depth === 1 && this.#builtin(value)) return;
    if (Object.getOwnPropertySymbols(value).length > 0) {
      this.#instance(value);
      return;
    }
    const { writer } = this.#walk;
    writer.byte(TAG.object);
    writer.byte(TAG.defaultPrototype);
    for (const name of Object.getOwnPropertyNames(value)) this.#property(value, name, false);
    writer.byte(TAG.end);
  }

  #builtin(value: object): boolean {
    const { writer, tools } = this.#walk;
    const name = tools.builtins.nameOf(value);
    if (name === undefined) return false;
    writer.byte(TAG.builtin);
    writer.string(name);
    return true;
  }

  #property(owner: object, key: string | symbol, isMember: boolean): void {
    const { writer } = this.#walk;
    const descriptor = ownProperty(owner, key);
    if (descriptor === undefined) return;
    try {
      if (typeof key === 'symbol') {
        writer.byte(TAG.symbolProperty);
        this.#symbol(key);
      }
      writer.byte(descriptor.enumerable ? TAG.property : TAG.hiddenProperty);
      if (typeof key === 'string') this.#walk.writeKey(key);
      if (descriptor.get !== undefined || descriptor.set !== undefined) {
        writer.byte(TAG.accessor);
        this.#member(descriptor.get, `getter "${String(key)}"`, key, isMember);
        this.#member(descriptor.set, `setter "${String(key)}"`, key, isMember);
      } else {
        this.#member(descriptor.value, undefined, key, isMember);
      }
    } catch (error) {
      if (error instanceof Refusal) error.keys.unshift(`.${String(key)}`);
      throw error;
    }
  }

  #member(value: unknown, kind: string | undefined, key: string | symbol, isMember: boolean): void {
    if (typeof value === 'function')
      this.writeFunction(value, kind ?? 'method', `"${String(key)}"`, isMember);
    else this.write(value);
  }

  #array(value: readonly unknown[]): void {
    const { writer } = this.#walk;
    const { length } = value;
    const kind = homogeneous(value);
    writer.byte(TAG[kind]);
    this.#prototype(value, Array.prototype);
    writer.count(length);
    // All of its elements were looked at.
    if (kind === 'numbers') writer.numbers(value as readonly number[]);
    else if (kind === 'strings') for (const element of value as readonly string[]) writer.string(element);
    else for (let i = 0; i < length; i++) this.#element(value, i);
    this.#othersOf(value);
  }

  #element(array: readonly unknown[], index: number): void {
    const element = array[index];
    if (element === undefined && !Object.hasOwn(array, index)) {
      this.#walk.writer.byte(TAG.hole);
      return;
    }
    try {
      this.write(element);
    } catch (error) {
      if (error instanceof Refusal) error.keys.unshift(`[${index}]`);
      throw error;
    }
  }

  /** All that is neither an array nor plain. */
  #instance(value: object): void {
    const { writer } = this.#walk;
    if (this.#builtin(value)) return;
    if (value instanceof PCollection || value instanceof Pipeline) {
      throw new Refusal(
        `is a ${value instanceof PCollection ? 'PCollection' : 'Pipeline'}, which holds no elements`,
        'Collect its elements first, or give it to the transform as an input',
      );
    }
    const identity = identityOf(value);
    if (identity !== undefined) {
      writer.byte(TAG.identity);
      writer.string(identity);
    } else if (types.isMap(value)) {
      writer.byte(TAG.map);
      this.#prototype(value, Map.prototype);
      Map.prototype.forEach.call(value, (item, key) => {
        this.#at('.get(…)', key);
        this.#at('.get(…)', item);
      });
      writer.byte(TAG.end);
      this.writeProperties(value, () => false);
    } else if (types.isSet(value)) {
      writer.byte(TAG.set);
      this.#prototype(value, Set.prototype);
      Set.prototype.forEach.call(value, (item) => this.#at('.values()', item));
      writer.byte(TAG.end);
      this.writeProperties(value, () => false);
    } else {
      this.#native(value);
    }
  }

  #native(value: object): void {
    switch (describeNative(value, this.#walk.writer, (own) => this.#prototype(value, own))) {
      case 'ordinary':
        this.#ordinary(value);
        return;
      case 'whole':
        return;
      case 'indexed':
        this.#othersOf(value);
        return;
      case 'content':
        // An error's stack names lines and cells, and is made by calling whoever formats stacks.
        this.writeProperties(value, (key) => key === 'stack' && types.isNativeError(value));
    }
  }

  /** The properties of an array or the like that are not its elements. */
  #othersOf(value: object): void {
    const { length } = value as { readonly length: number };
    if (length < LONG) {
      this.writeProperties(value, (key) => key === 'length' || isIndex(key));
      return;
    }
    for (const name of this.#walk.tools.inspector.namesBesideIndices(value)) {
      if (name !== 'length') this.#property(value, name, false);
    }
    for (const symbol of Object.getOwnPropertySymbols(value)) this.#property(value, symbol, false);
    this.#walk.writer.byte(TAG.end);
  }

  #at(key: string, value: unknown): void {
    try {
      this.write(value);
    } catch (error) {
      if (error instanceof Refusal) error.keys.unshift(key);
      throw error;
    }
  }

  /** A plain object or an instance of a class of the user's or of a package. */
  #ordinary(value: object): void {
    const { writer, tools } = this.#walk;
    writer.byte(TAG.object);
    this.#prototype(value, Object.prototype);
    this.writeProperties(value, () => false);
    if (!this.#hasPrivateNames(value)) return;
    writer.byte(TAG.privateFields);
    for (const [name, field] of privateFields(tools.inspector, value)) {
      writer.string(name);
      this.#at(`.${name}`, field);
    }
    writer.byte(TAG.end);
  }

  #prototype(value: object, own: object): void {
    const { writer, tools } = this.#walk;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === own) {
      writer.byte(TAG.defaultPrototype);
      return;
    }
    if (prototype === null) {
      writer.byte(TAG.noPrototype);
      return;
    }
    const name = tools.builtins.nameOf(prototype);
    if (name !== undefined) {
      if (own === Object.prototype) throw new Refusal(`is ${articled(name)}`);
      writer.byte(TAG.builtinPrototype);
      writer.string(name);
      return;
    }
    const constructor = constructorOf(prototype);
    if (constructor !== undefined) {
      if (!this.#walk.note(constructor, 'instantiated')) throw nodeInstance(functionName(constructor));
      writer.byte(TAG.classPrototype);
      this.writeFunction(constructor, 'class', `"${functionName(constructor)}"`);
    } else {
      writer.byte(TAG.otherPrototype);
      this.write(prototype);
    }
  }

  #hasPrivateNames(value: object): boolean {
    for (
      let prototype = Object.getPrototypeOf(value) as object | null;
      prototype !== null && this.#walk.tools.builtins.nameOf(prototype) === undefined;
      prototype = Object.getPrototypeOf(prototype) as object | null
    ) {
      const constructor = constructorOf(prototype);
      if (constructor !== undefined && isClass(constructor)) {
        const { sources } = this.#walk.tools;
        if (sources.analyse(Function.prototype.toString.call(constructor)).free.hasPrivateNames) return true;
      }
    }
    return false;
  }
}

/** The class whose instances have `prototype`. */
function constructorOf(prototype: object): object | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function') return undefined;
  return constructor.prototype === prototype ? constructor : undefined;
}

/** What is said of an instance of a class of Node's, which holds handles and state that nobody else can read. */
export function nodeInstance(name: string): Refusal {
  return new Refusal(`is ${articled(name)}, made by Node`, 'Open it in setup() of a DoFn');
}

/** Whether a function is a class. */
export function isClass(fn: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

function identityOf(value: object): string | undefined {
  const identity: unknown = Object.getOwnPropertyDescriptor(value, IDENTITY)?.value;
  return typeof identity === 'string' ? identity : undefined;
}

function homogeneous(array: readonly unknown[]): 'numbers' | 'strings' | 'array' {
  const type = typeof array[0];
  if (type !== 'number' && type !== 'string') return 'array';
  for (let i = 1; i < array.length; i++) if (typeof array[i] !== type) return 'array';
  return type === 'number' ? 'numbers' : 'strings';
}

function isIndex(key: string | symbol): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function articled(name: string): string {
  const kind = name
    .replace(/^node:/, '')
    .replaceAll('%', '')
    .replace(/\.prototype$/, '');
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
