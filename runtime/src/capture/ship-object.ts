import { types } from 'node:util';
import { PCollection } from '../model/pcollection.ts';
import { Pipeline } from '../model/pipeline.ts';
import { refuseUnreadable } from './native-objects.ts';
import { ownProperty } from './own-property.ts';
import { Refusal } from './refusal.ts';
import { isNamespace } from './resolve-name.ts';
import { privateFields } from './scopes.ts';
import { privateFieldNames } from './ship-class.ts';
import { liveRefusal } from './live-objects.ts';
import { namedObject } from './named-objects.ts';
import { isClass } from './value-writer.ts';
import type {
  Creation,
  Integrity,
  ObjectPlan,
  Piece,
  Plan,
  PrivateFields,
  ShipNode,
  ShipProperty,
} from './ship-node.ts';
import type { ShipWalk } from './ship-walk.ts';

/**
 * Plans an object: how it comes to be, its prototype, properties and private fields.
 *
 * @throws {Refusal} for what holds more than can be read: promises, sockets, proxies.
 */
export function planObject(walk: ShipWalk, node: ShipNode): Plan | undefined {
  const value = node.value as object; // a symbol has no plan of this kind
  if (types.isProxy(value)) throw new Refusal('is a Proxy', 'Give the function the object behind it');
  if (value instanceof PCollection || value instanceof Pipeline) {
    throw new Refusal(
      `is a ${value instanceof PCollection ? 'PCollection' : 'Pipeline'}, which holds no elements`,
      'Collect its elements first, or give it to the transform as an input',
    );
  }
  if (isNamespace(value)) return planNamespace(walk, node, value);
  if (!types.isWeakMap(value) && !types.isWeakSet(value)) refuseUnreadable(value);
  const owner = ownerOf(value);
  if (owner !== undefined) {
    const of = walk.node(owner, { parent: node, step: '.constructor', kind: 'key' });
    if (of.plan === undefined && walk.defer(node, of)) return undefined;
    // What a class of a package or of the worker has, it has there as well.
    if (of.plan?.kind !== 'function')
      return { kind: 'prototype', of, properties: [], integrity: 'open', prototype: undefined };
    const isDeclared = (key: string | symbol) => key === 'constructor';
    const above = Object.getPrototypeOf(value) as object | null;
    const isKept = of.plan.classPlan !== undefined || above === Object.prototype;
    return {
      kind: 'prototype',
      of,
      properties: planProperties(walk, node, { except: isDeclared, isPrototype: true }),
      integrity: integrityOf(value),
      prototype: isKept ? undefined : walk.refer(above, { parent: node, step: '.__proto__', kind: 'key' }),
    };
  }
  return new ObjectPlanner(walk, node).plan();
}

/** A module that is used as a whole: an object of what it exports now. */
function planNamespace(walk: ShipWalk, node: ShipNode, value: object): Plan {
  const whole: unknown = 'default' in value ? value.default : undefined;
  const code = typeof whole === 'object' && whole !== null ? walk.codeFor(whole) : undefined;
  if (code?.startsWith('process.getBuiltinModule') === true) return { kind: 'code', code };
  const properties = Object.keys(value).map((name): ShipProperty => {
    let member: unknown;
    try {
      member = Reflect.get(value, name);
    } catch {
      throw new Refusal(`is a module whose "${name}" has no value yet`, 'Use its exports by name');
    }
    const piece = walk.refer(member, { parent: node, step: keyStep(name), kind: 'key' });
    return { key: JSON.stringify(name), value: piece, enumerable: true, writable: true, configurable: true };
  });
  const creation: Creation = { kind: 'plain' };
  return { kind: 'object', creation, prototype: 'null', properties, integrity: 'open', restored: undefined };
}

/** The function whose `prototype` the object is, and was from the start. */
function ownerOf(value: object): object | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  if (typeof constructor !== 'function' || types.isProxy(constructor)) return undefined;
  return Object.getOwnPropertyDescriptor(constructor, 'prototype')?.value === value ? constructor : undefined;
}

class ObjectPlanner {
  readonly #walk: ShipWalk;
  readonly #node: ShipNode;
  readonly #value: object;

  constructor(walk: ShipWalk, node: ShipNode) {
    this.#walk = walk;
    this.#node = node;
    this.#value = node.value as object; // planObject gives it objects only
  }

  plan(): ObjectPlan {
    const value = this.#value;
    const { creation, own, except } = this.#creation();
    const prototype = Object.getPrototypeOf(value) as object | null;
    const restored = creation.kind === 'call' ? undefined : this.#restored();
    if (own === Object.prototype && prototype !== null && prototype !== own) {
      const live = liveRefusal(value, this.#walk.context.tools.builtins);
      if (live !== undefined) throw live;
    }
    return {
      kind: 'object',
      creation,
      prototype: prototype === own ? undefined : this.#refer(prototype, '.__proto__'),
      properties: planProperties(this.#walk, this.#node, { except }),
      integrity: integrityOf(value),
      restored,
    };
  }

  #refer(value: unknown, key: string): Piece {
    return this.#walk.refer(value, { parent: this.#node, step: key, kind: 'key' });
  }

  /** How the object comes to be, which prototype it has then, and which properties. */
  #creation(): {
    readonly creation: Creation;
    readonly own: object;
    readonly except: (key: string | symbol) => boolean;
  } {
    const value = this.#value;
    const nothing = () => false;
    if (Array.isArray(value) && value.length > 10_000 && Object.keys(value).length < value.length / 2) {
      return { creation: { kind: 'array', items: [] }, own: Array.prototype, except: nothing };
    }
    if (Array.isArray(value)) {
      const items = Array.from({ length: value.length }, (_, i) => {
        const property = ownProperty(value, String(i));
        return property === undefined || !isPlain(property)
          ? undefined
          : this.#refer(property.value, `[${i}]`);
      });
      const except = (key: string | symbol) => {
        if (key === 'length') return true;
        return isIndex(key) && isPlain(ownProperty(value, key));
      };
      return { creation: { kind: 'array', items }, own: Array.prototype, except };
    }
    if (types.isMap(value)) {
      const entries: [Piece, Piece][] = [];
      Map.prototype.forEach.call(value, (item, key) => {
        entries.push([this.#refer(key, '.keys()'), this.#refer(item, `.get(${keyText(key)})`)]);
      });
      return { creation: { kind: 'map', entries }, own: Map.prototype, except: nothing };
    }
    if (types.isSet(value)) {
      const items: Piece[] = [];
      Set.prototype.forEach.call(value, (item) => items.push(this.#refer(item, '.values()')));
      return { creation: { kind: 'set', items }, own: Set.prototype, except: nothing };
    }
    if (types.isWeakMap(value) || types.isWeakSet(value)) {
      const isMap = types.isWeakMap(value);
      const entries: [Piece, Piece][] = [];
      this.#walk.deferEntries(this.#node, entries);
      const own = isMap ? WeakMap.prototype : WeakSet.prototype;
      return { creation: { kind: 'weak', isMap, entries }, own, except: nothing };
    }
    const call = (
      callee: string,
      args: readonly Piece[],
      own: object,
      except: (key: string | symbol) => boolean = nothing,
    ) => ({ creation: { kind: 'call', callee, args } as const, own, except });
    if (types.isDate(value)) {
      return call('new Date', [String(Date.prototype.getTime.call(value))], Date.prototype);
    }
    if (types.isRegExp(value)) {
      const args = [JSON.stringify(value.source), JSON.stringify(value.flags)];
      return call(
        'new RegExp',
        args,
        RegExp.prototype,
        (key) => key === 'lastIndex' && value.lastIndex === 0,
      );
    }
    if (types.isSharedArrayBuffer(value)) {
      throw new Refusal('is memory that threads share, which no other process can', 'Use an ArrayBuffer');
    }
    if (types.isArrayBuffer(value)) {
      const bytes = Buffer.from(value).toString('base64');
      return call('bytesOf', [JSON.stringify(bytes)], ArrayBuffer.prototype);
    }
    if (types.isTypedArray(value)) return this.#typedArray(value, call);
    if (types.isDataView(value)) {
      const view: DataView = value;
      const args = [this.#refer(view.buffer, '.buffer'), String(view.byteOffset), String(view.byteLength)];
      return call('new DataView', args, DataView.prototype);
    }
    if (types.isNativeError(value)) return this.#error(value, call);
    if (types.isBoxedPrimitive(value)) {
      const primitive: unknown = value.valueOf();
      const own = { string: String, number: Number, boolean: Boolean, bigint: BigInt, symbol: Symbol }[
        typeof primitive as 'string'
      ];
      const except = (key: string | symbol) =>
        typeof primitive === 'string' && (key === 'length' || isIndex(key));
      return call('Object', [this.#refer(primitive, '.valueOf()')], own.prototype, except);
    }
    const named = namedObject(value);
    if (named === undefined) {
      return { creation: { kind: 'plain' }, own: Object.prototype, except: nothing };
    }
    // All that these have is in the call; what Node keeps on them is not looked at.
    return call(named.callee, named.args, named.prototype, () => true);
  }

  #typedArray(value: NodeJS.TypedArray, call: Call): ReturnType<Call> {
    const except = isIndex;
    const name: string = value[Symbol.toStringTag];
    // All kinds of typed arrays are globals.
    const kind: { readonly prototype: object } = Buffer.isBuffer(value)
      ? Buffer
      : globalThis[name as 'Uint8Array'];
    const own = kind.prototype;
    // Node cuts small Buffers out of a pool, whose other bytes belong to others.
    if (Buffer.isBuffer(value) && value.buffer.byteLength === Buffer.poolSize) {
      return call('Buffer.from', [JSON.stringify(value.toString('base64')), '"base64"'], own, except);
    }
    const callee = Buffer.isBuffer(value) ? 'Buffer.from' : `new ${name}`;
    const { byteOffset, length } = value;
    const { buffer }: { readonly buffer: ArrayBufferLike } = value;
    return call(callee, [this.#refer(buffer, '.buffer'), String(byteOffset), String(length)], own, except);
  }

  #error(value: Error, call: Call): ReturnType<Call> {
    const stack = textOf(() => value.stack);
    const callee = 'errorOf';
    const own = value instanceof AggregateError ? AggregateError.prototype : Error.prototype;
    const args = [own === Error.prototype ? 'Error' : 'AggregateError', JSON.stringify(stack ?? '')];
    return call(callee, args, own, (key) => key === 'stack');
  }

  /** The private fields of an instance, class by class from the top; undefined if its classes have none. */
  #restored(): ObjectPlan['restored'] {
    const chain = classesOf(this.#value, this.#walk);
    const names = chain.map((constructor) => privateFieldNames(constructor));
    if (!names.some((one) => one !== undefined)) return undefined;
    const [by] = chain;
    if (by === undefined) return undefined;
    if (!chain.every(isClass)) {
      throw new Refusal(
        'has private fields, and a class above that is a plain function',
        'Make that a class',
      );
    }
    const values = privateFields(this.#walk.context.tools.inspector, this.#value);
    const fields: PrivateFields[] = [];
    for (const [at, constructor] of [...chain.entries()].reverse()) {
      const owner = this.#walk.node(constructor, { parent: this.#node, step: '.constructor', kind: 'key' });
      owner.uses++;
      this.#walk.requireSource(owner);
      const own = names[at] ?? [];
      const pieces = own.map((name) => {
        const index = values.findIndex(([other]) => other === name);
        if (index < 0) throw new Refusal(`has a private field ${name} that cannot be read`);
        const [[, value] = []] = values.splice(index, 1);
        return this.#refer(value, `.${name}`);
      });
      fields.push({ owner, values: pieces });
    }
    const owner = this.#walk.node(by, { parent: this.#node, step: '.constructor', kind: 'key' });
    owner.uses++;
    return { by: owner, fields };
  }
}

/** A call that makes an object, the prototype that it has then, and properties that it has then. */
type Call = (
  callee: string,
  args: readonly Piece[],
  own: object,
  except?: (key: string | symbol) => boolean,
) => {
  readonly creation: Creation;
  readonly own: object;
  readonly except: (key: string | symbol) => boolean;
};

/** The user's classes that an instance is made of, its own first. */
export function classesOf(value: object, walk: ShipWalk): object[] {
  const classes: object[] = [];
  for (
    let prototype = Object.getPrototypeOf(value) as object | null;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    if (walk.context.tools.builtins.nameOf(prototype) !== undefined) break;
    const constructor = ownerOf(prototype);
    if (constructor !== undefined) classes.push(constructor);
  }
  return classes;
}

/** Plans the own properties of an object or function. No getter is called. */
export function planProperties(
  walk: ShipWalk,
  node: ShipNode,
  {
    except,
    isPrototype = false,
  }: { readonly except: (key: string | symbol) => boolean; readonly isPrototype?: boolean },
): ShipProperty[] {
  const owner = node.value as object; // properties are those of objects
  const properties: ShipProperty[] = [];
  for (const name of Reflect.ownKeys(owner)) {
    if (except(name)) continue;
    const descriptor = ownProperty(owner, name);
    if (descriptor === undefined) continue;
    if (isPrototype && Object.values(descriptor).some((part) => walk.isMember(part))) continue;
    const step = typeof name === 'symbol' ? `[${String(name)}]` : keyStep(name);
    const refer = (value: unknown) => walk.refer(value, { parent: node, step, kind: 'key' });
    const key = typeof name === 'symbol' ? keyPiece(walk, node, name) : JSON.stringify(name);
    const { enumerable, configurable, writable = false } = descriptor;
    const { value, get, set } = descriptor;
    const isAccessor = get !== undefined || set !== undefined;
    properties.push({
      key,
      enumerable,
      configurable,
      writable,
      ...(isAccessor ? { get: refer(get), set: refer(set) } : { value: refer(value) }),
    });
  }
  return properties;
}

function keyPiece(walk: ShipWalk, node: ShipNode, symbol: symbol): string | ShipNode {
  return walk.refer(symbol, { parent: node, step: `[${String(symbol)}]`, kind: 'key' });
}

/** What Object.freeze and its kin did to an object. */
export function integrityOf(value: object): Integrity {
  if (Object.isExtensible(value)) return 'open';
  if (Object.isFrozen(value)) return 'freeze';
  return Object.isSealed(value) ? 'seal' : 'preventExtensions';
}

/** A property that an assignment makes. */
function isPlain(
  property: { readonly enumerable: boolean; readonly get?: unknown; readonly set?: unknown } | undefined,
): boolean {
  if (property === undefined || property.get !== undefined || property.set !== undefined) return false;
  const { writable, configurable } = property as PropertyDescriptor;
  return property.enumerable && writable === true && configurable === true;
}

function isIndex(key: string | symbol): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function keyStep(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key);
  return (typeof key === 'object' && key !== null) || typeof key === 'function' ? '…' : String(key);
}

function textOf(read: () => unknown): string | undefined {
  try {
    const text = read();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
