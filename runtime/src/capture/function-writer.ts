import { createRequire } from 'node:module';
import { types } from 'node:util';
import { isNative } from './builtins.ts';
import type { Usage } from './free-names.ts';
import { isOfCell } from './is-of-cell.ts';
import { functionName } from './own-property.ts';
import { importRefusal, Refusal } from './refusal.ts';
import { isCells, isNamespace, resolveName, type ResolvedName } from './resolve-name.ts';
import { functionScopes, privateFields, type FunctionScopes } from './scopes.ts';
import type { Origin } from './scripts.ts';
import { TAG } from './tags.ts';
import { isClass, nodeInstance, type ValueWriter } from './value-writer.ts';
import type { Walk } from './walk.ts';

/** Own properties of every function, which follow from its source or mean nothing. */
const STANDARD = new Set<string | symbol>([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  Symbol.for('millrace.name'),
]);
/** The modules of packages that `require` has loaded. */
const loaded = createRequire(import.meta.url).cache;

/**
 * Writes the part of one function or class: its source, what it closes over, its properties and methods.
 *
 * A function of a package is named by package, version and file; what its module holds follows from these, so only
 * what it took from calls (the function given to `debounce`) is followed. What JavaScript and Node bring is named.
 */
export class FunctionWriter {
  readonly #walk: Walk;
  readonly #values: ValueWriter;

  constructor(walk: Walk, values: ValueWriter) {
    this.#walk = walk;
    this.#values = values;
  }

  /** @throws {Refusal} if what it depends on cannot be told. */
  write(fn: object, isMember: boolean): void {
    const { tools, writer } = this.#walk;
    if (types.isProxy(fn)) throw new Refusal('is a Proxy');
    if (isNative(fn)) {
      this.#writeNative(fn);
      return;
    }
    const source = tools.sources.analyse(Function.prototype.toString.call(fn));
    if (source.free.imports.length > 0) throw importRefusal();
    if (source.free.usesOuterThis) {
      throw new Refusal(
        'uses the `this` of the code around it, which cannot be read',
        'Copy what it needs to a const',
      );
    }
    if (source.free.usesSuper && !isMember) throw new Refusal('uses `super` outside of its class');
    writer.byte(TAG.closure);
    writer.string(source.canonical);
    const names = [...source.free.names.keys()].sort();
    const info = names.length === 0 ? undefined : functionScopes(tools.inspector, fn);
    if (info !== undefined && info.kind !== 'closure') throw new Refusal('has no scopes');
    const resolved = names.map((name) => [name, resolveName(info, name, tools.builtins)] as const);
    const origin = this.#origin(
      info,
      resolved.map(([, found]) => found),
    );
    const isLoaded = origin.kind === 'package' && isExport(fn, origin);
    if (origin.kind === 'node') {
      this.#writeNodeFunction(fn, origin.url);
      return;
    }
    if (origin.kind === 'package') {
      writer.byte(TAG.packageOwn);
      writer.string(origin.id);
    }
    const follows = origin.kind === 'package' && info ? this.#fromCalls(info) : () => true;
    for (const [name, found] of resolved) {
      writer.byte(TAG.capture);
      writer.string(name);
      if (found.kind !== 'captured') {
        this.#notCaptured(found.kind, name, source.free.names.get(name));
      } else if (origin.kind === 'package' && (isLoaded || found.scope !== 'inner' || !follows(name))) {
        writer.byte(TAG.packageOwn);
      } else {
        // Every name that was resolved came from there.
        this.#capture(
          name,
          found.value,
          source.free.names.get(name) ?? { isWhole: true, members: new Map() },
        );
      }
    }
    writer.byte(TAG.end);
    if (isLoaded) return;
    this.#values.writeProperties(fn, (key) => STANDARD.has(key), source.isClass);
    if (source.isClass && source.free.hasPrivateNames) {
      for (const [name, value] of privateFields(tools.inspector, fn)) {
        writer.string(name);
        this.#values.write(value);
      }
    }
    this.#heritage(fn, origin.kind !== 'package');
  }

  #writeNative(fn: object): void {
    const { tools, writer } = this.#walk;
    const bound = functionScopes(tools.inspector, fn);
    if (bound.kind !== 'bound') throw new Refusal('is a native function that is not known');
    writer.byte(TAG.bound);
    for (const value of [bound.target, bound.boundThis, bound.boundArgs]) this.#values.write(value);
  }

  #writeNodeFunction(fn: object, url: string): void {
    const { tools, writer } = this.#walk;
    const name = tools.builtins.nameInModules(fn);
    if (name === undefined) throw new Refusal(`was made by ${url}, and what it holds cannot be told`);
    if (!this.#walk.note(fn, 'node')) throw nodeInstance(name);
    writer.byte(TAG.builtin);
    writer.string(name);
  }

  /** Where the function comes from, which matters only if it took something from around it. */
  #origin(info: FunctionScopes | undefined, resolved: readonly ResolvedName[]): Origin {
    if (info?.location === undefined) return { kind: 'local', url: '' };
    if (!resolved.some(({ kind }) => kind === 'captured')) return { kind: 'local', url: '' };
    // A cell's function, as most are: spares a look at the list of scripts.
    const isCell = isOfCell(info);
    return isCell ? { kind: 'local', url: '' } : this.#walk.tools.scripts.origin(info.location);
  }

  /** For a function of a package: which of its names a call declared, so that they are no part of the module. */
  #fromCalls({ scopes, location }: FunctionScopes): (name: string) => boolean {
    if (location === undefined || scopes.some(({ kind }) => kind === 'module')) return () => true;
    return this.#walk.tools.scripts.moduleScopes(location)?.declaredByCalls(location) ?? (() => true);
  }

  /** A name of the language or of Node, or of nothing. Of `process` the environment counts, as far as it is named. */
  #notCaptured(kind: 'global' | 'unresolved', name: string, usage: Usage | undefined): void {
    const { writer } = this.#walk;
    writer.byte(TAG[kind]);
    const env = kind === 'global' && name === 'process' ? usage?.members.get('env') : undefined;
    if (env !== undefined) this.#environment(env);
  }

  #environment(env: Usage): void {
    const { writer } = this.#walk;
    writer.byte(TAG.members);
    for (const variable of [...(env.isWhole ? Object.keys(process.env) : env.members.keys())].sort()) {
      writer.string(variable);
      const value = process.env[variable];
      if (value === undefined) writer.byte(TAG.unresolved);
      else this.#capture(`process.env.${variable}`, value, { isWhole: true, members: new Map() });
    }
    writer.byte(TAG.end);
  }

  #capture(name: string, value: unknown, usage: Usage): void {
    const { writer, current } = this.#walk;
    const from = current.subject === '' ? '' : ` captured by ${current.subject}`;
    if (isCells(value)) {
      if (usage.isWhole) throw new Refusal('uses all cells at once, so what it depends on cannot be told');
      this.#members(value, usage);
    } else if (isNamespace(value)) {
      this.#members(value, usage.isWhole ? allMembers(value) : usage);
    } else if (value === globalThis && !usage.isWhole) {
      writer.byte(TAG.members);
      for (const [member, inner] of byName(usage.members)) {
        writer.string(member);
        const found = resolveName(undefined, member, this.#walk.tools.builtins);
        if (found.kind === 'captured') this.#capture(member, found.value, inner);
        else this.#notCaptured(found.kind, member, inner);
      }
      writer.byte(TAG.end);
    } else if (value === process) {
      this.#notCaptured('global', 'process', usage);
    } else if (value === process.env) {
      this.#environment(usage);
    } else if (typeof value === 'function') {
      this.#values.writeFunction(value, 'helper', `"${name}"`);
    } else {
      writer.byte(TAG.part);
      const options = () => ({ label: `value "${name}"`, subject: `"${name}"`, from });
      writer.string(this.#walk.variablePath(name, value, options));
    }
  }

  #members(owner: object, usage: Usage): void {
    const { writer } = this.#walk;
    writer.byte(TAG.members);
    for (const [member, inner] of byName(usage.members)) {
      writer.string(member);
      let value: unknown;
      try {
        value = Reflect.get(owner, member);
      } catch {
        // Declared, but not assigned yet.
        writer.byte(TAG.unresolved);
        continue;
      }
      if (member in owner) this.#capture(member, value, inner);
      else writer.byte(TAG.unresolved);
    }
    writer.byte(TAG.end);
  }

  /** The methods on a class's prototype and the class that it extends; an old-style class has both as well. */
  #heritage(fn: object, withMethods: boolean): void {
    const parent = Object.getPrototypeOf(fn) as object | null;
    if (typeof parent === 'function')
      this.#values.writeFunction(parent, 'helper', `"${functionName(parent)}"`);
    else this.#values.write(parent);
    const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
    if (!withMethods || typeof prototype !== 'object' || prototype === null) return;
    const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    this.#values.writeProperties(
      prototype,
      (key) => key === 'constructor' && constructor === fn,
      isClass(fn),
    );
    const above = Object.getPrototypeOf(prototype) as object | null;
    const expected: unknown =
      typeof parent === 'function' ? Object.getOwnPropertyDescriptor(parent, 'prototype')?.value : undefined;
    if (above !== Object.prototype && above !== expected) this.#values.write(above);
  }
}

function isExport(fn: object, { file }: Origin & { readonly kind: 'package' }): boolean {
  const exported: unknown = loaded[file]?.exports;
  if (exported === fn) return true;
  if ((typeof exported !== 'object' && typeof exported !== 'function') || exported === null) return false;
  return Object.values(Object.getOwnPropertyDescriptors(exported)).some(({ value }) => value === fn);
}

function allMembers(namespace: object): Usage {
  const whole = (): Usage => ({ isWhole: true, members: new Map() });
  return { isWhole: false, members: new Map(Object.keys(namespace).map((name) => [name, whole()])) };
}

function byName(members: ReadonlyMap<string, Usage>): [string, Usage][] {
  return [...members].sort(([a], [b]) => (a < b ? -1 : 1));
}
