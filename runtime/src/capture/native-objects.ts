import { types } from 'node:util';
import type { ByteWriter } from './byte-writer.ts';
import { Refusal } from './refusal.ts';
import { TAG } from './tags.ts';

/** Why an object whose content lies outside of JavaScript has no digest. */
const REFUSED: readonly [is: (value: object) => boolean, reason: string, hint?: string][] = [
  [types.isPromise, 'is a promise', 'Await it first'],
  [types.isGeneratorObject, 'is a running generator', 'Make an array of it first'],
  [types.isMapIterator, 'is an iterator', 'Make an array of it first'],
  [types.isSetIterator, 'is an iterator', 'Make an array of it first'],
  [types.isWeakMap, 'is a WeakMap, whose entries cannot be listed', 'Use a Map'],
  [types.isWeakSet, 'is a WeakSet, whose entries cannot be listed', 'Use a Set'],
  [types.isExternal, 'is a native handle', 'Open it in setup()'],
  [types.isModuleNamespaceObject, 'is a module as a whole', 'Use its exports by name'],
];

/** Objects of Intl, which say by themselves what they are. */
export const INTL = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
] as const;

/** @throws {Refusal} for an object that holds what nobody can read: a promise, a WeakMap. */
export function refuseUnreadable(value: object): void {
  for (const [is, reason, hint] of REFUSED) if (is(value)) throw new Refusal(reason, hint);
}

/**
 * Writes what an object holds beside its properties: a date's time, a typed array's bytes.
 *
 * @param prototype Writes the prototype, unless it is the one given.
 * @returns What is still to be written: all of an ordinary object, the properties beside the content or beside the
 *   indices, or nothing.
 * @throws {Refusal} if its content cannot be read.
 */
export function describeNative(
  value: object,
  writer: ByteWriter,
  prototype: (own: object) => void,
): 'ordinary' | 'content' | 'indexed' | 'whole' {
  refuseUnreadable(value);
  if (types.isDate(value)) {
    writer.byte(TAG.date);
    prototype(Date.prototype);
    writer.number(Date.prototype.getTime.call(value));
  } else if (types.isRegExp(value)) {
    writer.byte(TAG.regExp);
    prototype(RegExp.prototype);
    writer.string(value.source);
    writer.string(value.flags);
  } else if (types.isTypedArray(value)) {
    writer.byte(TAG.typedArray);
    // Each kind of typed array answers with its name, whatever its class is.
    writer.string(value[Symbol.toStringTag]);
    // All typed arrays are objects with a prototype.
    prototype(globalThis[value[Symbol.toStringTag] as 'Uint8Array'].prototype);
    writer.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return 'indexed';
  } else if (types.isAnyArrayBuffer(value)) {
    writer.byte(TAG.arrayBuffer);
    prototype(types.isSharedArrayBuffer(value) ? SharedArrayBuffer.prototype : ArrayBuffer.prototype);
    writer.byte(types.isSharedArrayBuffer(value) ? 1 : 0);
    writer.bytes(new Uint8Array(value));
  } else if (types.isDataView(value)) {
    writer.byte(TAG.dataView);
    prototype(DataView.prototype);
    writer.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (types.isNativeError(value)) {
    writer.byte(TAG.error);
    prototype(Error.prototype);
  } else if (types.isBoxedPrimitive(value)) {
    writer.byte(TAG.boxed);
    const primitive: unknown = value.valueOf();
    const type = typeof primitive;
    // The five classes of boxed primitives are globals.
    const own = { string: String, number: Number, boolean: Boolean, bigint: BigInt, symbol: Symbol }[
      type as 'string'
    ];
    prototype(own.prototype);
    writer.string(type);
    writer.string(Object.is(primitive, -0) ? '-0' : String(primitive));
  } else {
    return describeByName(value, writer, prototype) ? 'whole' : 'ordinary';
  }
  return 'content';
}

function describeByName(value: object, writer: ByteWriter, prototype: (own: object) => void): boolean {
  for (const name of INTL) {
    // Not every version of Node has all of them.
    const constructor = Intl[name] as typeof Intl.NumberFormat | undefined;
    if (constructor && value instanceof constructor) {
      return described(constructor, `Intl.${name}`, JSON.stringify(value.resolvedOptions()));
    }
  }
  if (value instanceof URL) return described(URL, 'URL', value.href);
  if (value instanceof URLSearchParams)
    return described(URLSearchParams, 'URLSearchParams', value.toString());
  if (value instanceof TextEncoder) return described(TextEncoder, 'TextEncoder', '');
  if (value instanceof TextDecoder) {
    return described(
      TextDecoder,
      'TextDecoder',
      JSON.stringify([value.encoding, value.fatal, value.ignoreBOM]),
    );
  }
  return false;

  function described(own: { readonly prototype: object }, kind: string, text: string): true {
    writer.byte(TAG.described);
    prototype(own.prototype);
    writer.string(kind);
    writer.string(text);
    return true;
  }
}
