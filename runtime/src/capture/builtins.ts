import { ownProperty } from './own-property.ts';

/** Globals of the language. */
const LANGUAGE =
  'Object Function Array Number Boolean String Symbol BigInt Date RegExp Promise Map Set WeakMap WeakSet WeakRef ' +
  'FinalizationRegistry ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array ' +
  'Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array BigInt64Array BigUint64Array Error ' +
  'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError Proxy Iterator ' +
  'undefined NaN Infinity Reflect Math JSON Intl Atomics WebAssembly Temporal DisposableStack AsyncDisposableStack eval isFinite isNaN ' +
  'parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape';

/** Globals of Node. Some are made at their first use, so the value is not asked for. */
const NODE =
  'Buffer process console performance crypto URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal ' +
  'Event EventTarget MessageChannel MessagePort MessageEvent Blob File FormData Headers Request Response fetch ' +
  'ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ' +
  'ReadableByteStreamController ReadableStreamDefaultController TransformStream TransformStreamDefaultController ' +
  'WritableStream WritableStreamDefaultController WritableStreamDefaultWriter ByteLengthQueuingStrategy ' +
  'CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream DecompressionStream DOMException ' +
  'BroadcastChannel WebSocket CloseEvent EventSource CustomEvent Navigator navigator Storage localStorage ' +
  'sessionStorage Crypto CryptoKey SubtleCrypto Performance PerformanceEntry PerformanceMark PerformanceMeasure ' +
  'PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming structuredClone queueMicrotask ' +
  'setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate atob btoa URLPattern';

/** Those of Node's whose value may be asked for, so that an alias of it is known as well; others load modules. */
const SAFE_TO_READ = new Set(
  (
    'Buffer process console URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal ' +
    'Event EventTarget structuredClone queueMicrotask setTimeout clearTimeout setInterval clearInterval ' +
    'setImmediate clearImmediate atob btoa fetch'
  ).split(' '),
);

/** Node's modules that are known by identity at once: Node has loaded them for itself. */
const MODULES =
  'buffer crypto events fs fs/promises os path path/posix path/win32 timers url util util/types';

/** Node's other modules that are known by identity, once a function turns out to be Node's. */
const MORE_MODULES =
  'assert assert/strict async_hooks child_process dns dns/promises http https net perf_hooks process querystring ' +
  'readline readline/promises stream stream/promises string_decoder timers/promises tls v8 vm worker_threads zlib';

/** Where an object that is not a global was found. */
interface Place {
  readonly owner: object;
  readonly key: string | symbol;
  readonly part: 'value' | 'get' | 'set' | 'prototype';
}

/** Code for the objects of `hiddenIntrinsics`. */
const HIDDEN: Readonly<Record<string, string>> = {
  '%GeneratorFunction.prototype%': 'Object.getPrototypeOf(function* () {})',
  '%AsyncGeneratorFunction.prototype%': 'Object.getPrototypeOf(async function* () {})',
  '%AsyncFunction.prototype%': 'Object.getPrototypeOf(async () => {})',
  '%TypedArray%': 'Object.getPrototypeOf(Int8Array)',
  '%ArrayIterator.prototype%': 'Object.getPrototypeOf([][Symbol.iterator]())',
  '%MapIterator.prototype%': 'Object.getPrototypeOf(new Map()[Symbol.iterator]())',
  '%SetIterator.prototype%': 'Object.getPrototypeOf(new Set()[Symbol.iterator]())',
  '%StringIterator.prototype%': "Object.getPrototypeOf(''[Symbol.iterator]())",
  '%RegExpStringIterator.prototype%': "Object.getPrototypeOf(''.matchAll(/a/g))",
};

/** Code for a symbol that every program has; undefined for one that only some object has. */
export function symbolExpression(symbol: symbol): string | undefined {
  const registered = Symbol.keyFor(symbol);
  if (registered !== undefined) return `Symbol.for(${JSON.stringify(registered)})`;
  for (const name of Object.getOwnPropertyNames(Symbol)) {
    if (Object.getOwnPropertyDescriptor(Symbol, name)?.value === symbol) return `Symbol.${name}`;
  }
  return undefined;
}

/** Objects that no global leads to. */
function hiddenIntrinsics(): [string, object][] {
  const generator = function* () {
    yield 0;
  };
  const asyncGenerator = async function* () {
    yield await Promise.resolve(0);
  };
  const asyncFunction = async () => Promise.resolve(0);
  const prototypes: [string, object][] = [
    ['%GeneratorFunction.prototype%', generator],
    ['%AsyncGeneratorFunction.prototype%', asyncGenerator],
    ['%AsyncFunction.prototype%', asyncFunction],
    ['%TypedArray%', Int8Array],
    ['%ArrayIterator.prototype%', [][Symbol.iterator]()],
    ['%MapIterator.prototype%', new Map()[Symbol.iterator]()],
    ['%SetIterator.prototype%', new Set()[Symbol.iterator]()],
    ['%StringIterator.prototype%', ''[Symbol.iterator]()],
    ['%RegExpStringIterator.prototype%', ''.matchAll(/a/g)],
  ];
  return prototypes.map(([name, object]): [string, object] => [name, prototypeOf(object)]);
}

function prototypeOf(object: object): object {
  // All of them have one.
  return Object.getPrototypeOf(object) as object;
}

/**
 * What belongs to JavaScript and Node, by identity: "Math.sin", "Map.prototype", "node:path.join".
 *
 * Such things are what their name says on every machine, so their name stands for them. The globals are taken as they
 * were when this was made: one that the user replaced later is not in here. Takes some milliseconds, at the first use.
 */
export class Builtins {
  readonly #globals = new Map<string, PropertyDescriptor>();
  readonly #names = new Map<object, string>();
  readonly #places = new Map<object, Place>();
  #hasGlobals = false;
  #hasModules = false;

  constructor() {
    for (const name of `${LANGUAGE} ${NODE}`.split(' ')) {
      const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
      if (descriptor !== undefined) this.#globals.set(name, descriptor);
    }
  }

  /** Whether the global `name` is JavaScript's or Node's own, and still what it was. */
  isGlobal(name: string): boolean {
    const known = this.#globals.get(name);
    if (known === undefined) return false;
    const now = Object.getOwnPropertyDescriptor(globalThis, name);
    if (now === undefined) return false;
    // Node replaces some getters by what they gave.
    return known.get !== undefined
      ? now.get === known.get || now.get === undefined
      : Object.is(now.value, known.value);
  }

  /** The name of a built-in object or function; undefined for all else. */
  nameOf(value: object): string | undefined {
    this.#readGlobals();
    return this.#names.get(value);
  }

  /** Code that gives a built-in object or function wherever it runs; undefined for all else. */
  expressionOf(value: object): string | undefined {
    this.#readModules();
    const place = this.#places.get(value);
    if (place === undefined) {
      const name = this.#names.get(value);
      if (name === undefined) return undefined;
      if (name.startsWith('node:')) return `process.getBuiltinModule(${JSON.stringify(name)})`;
      return HIDDEN[name] ?? name;
    }
    const owner = this.expressionOf(place.owner);
    if (owner === undefined) return undefined;
    if (place.part === 'prototype') return `Object.getPrototypeOf(${owner})`;
    const key = typeof place.key === 'symbol' ? symbolExpression(place.key) : JSON.stringify(place.key);
    if (key === undefined) return undefined;
    return place.part === 'value'
      ? `${owner}[${key}]`
      : `Object.getOwnPropertyDescriptor(${owner}, ${key}).${place.part}`;
  }

  /** The same, for a function that is Node's by its file. */
  nameInModules(value: object): string | undefined {
    this.#readModules();
    return this.#names.get(value);
  }

  #readGlobals(): void {
    if (this.#hasGlobals) return;
    this.#hasGlobals = true;
    this.#names.set(globalThis, 'globalThis');
    for (const name of LANGUAGE.split(' ')) this.#add(this.#globals.get(name)?.value, name, Infinity);
    for (const [name, object] of hiddenIntrinsics()) this.#add(object, name, Infinity);
    for (const name of SAFE_TO_READ) {
      const descriptor = this.#globals.get(name);
      const value: unknown =
        descriptor?.get === undefined ? descriptor?.value : descriptor.get.call(globalThis);
      this.#add(value, name, 2);
    }
    this.#addModules(MODULES);
  }

  #addModules(names: string): void {
    for (const name of names.split(' '))
      this.#add(process.getBuiltinModule(`node:${name}`), `node:${name}`, 2);
  }

  #readModules(): void {
    if (this.#hasModules) return;
    this.#hasModules = true;
    this.#readGlobals();
    this.#addModules(MORE_MODULES);
  }

  #add(value: unknown, name: string, depth: number, place?: Place): void {
    if (!isObject(value) || this.#names.has(value)) return;
    // The user may have added methods to the language's prototypes: these are the user's, not the language's.
    if (depth === Infinity && typeof value === 'function' && !isNative(value)) return;
    this.#names.set(value, name);
    if (place !== undefined) this.#places.set(value, place);
    if (depth === 0) return;
    for (const key of Reflect.ownKeys(value)) {
      const property = ownProperty(value, key);
      const path = typeof key === 'symbol' ? `${name}[${String(key)}]` : `${name}.${key}`;
      // A getter of Node's may load a module or warn of its end of life: it is not called.
      const accessorDepth = depth === Infinity ? depth : 0;
      this.#add(property?.value, path, depth - 1, { owner: value, key, part: 'value' });
      this.#add(property?.get, `get ${path}`, accessorDepth, { owner: value, key, part: 'get' });
      this.#add(property?.set, `set ${path}`, accessorDepth, { owner: value, key, part: 'set' });
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    this.#add(prototype, `${name}.__proto__`, depth - 1, { owner: value, key: '', part: 'prototype' });
  }
}

/** Whether a function was made by the engine: user code cannot have this source. */
export function isNative(fn: object): boolean {
  return Function.prototype.toString.call(fn).endsWith('{ [native code] }');
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
