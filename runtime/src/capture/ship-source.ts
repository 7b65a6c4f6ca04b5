import type { AnyNode, CallExpression } from 'acorn';
import { dirname, isAbsolute, join } from 'node:path';
import { types } from 'node:util';
import { isNative } from './builtins.ts';
import { freeNames, type DynamicImport, type FreeNames, type Reference } from './free-names.ts';
import { parseFunction, type ParsedFunction } from './function-source.ts';
import { childNodes } from './lexical-scope.ts';
import { functionName } from './own-property.ts';
import { Refusal } from './refusal.ts';
import { isCells, isNamespace, resolveName, withoutLoader } from './resolve-name.ts';
import { functionScopes, privateFields, type FunctionScopes } from './scopes.ts';
import { isFieldOf, membersOf } from './ship-class.ts';
import type { ClassPlan, Piece, Plan, ShipNode, TextEdit, Variable } from './ship-node.ts';
import { classesOf, integrityOf, planProperties } from './ship-object.ts';
import type { ShipWalk } from './ship-walk.ts';

const IDENTITY = Symbol.for('millrace.identity');

/** Plans a function by its source. @throws {Refusal} if its source alone does not say what it does. */
export function planFromSource(walk: ShipWalk, node: ShipNode): Plan {
  const fn = node.value as object; // the walk gives functions
  const text = Function.prototype.toString.call(fn);
  const parsed = parseFunction(text);
  const free = freeNames(parsed.node);
  const isClass = parsed.node.type === 'ClassExpression';
  const holder = free.usesOuterThis && !free.usesNewTarget ? holderOf(walk, node, text) : undefined;
  if (free.usesOuterThis && holder === undefined) {
    throw new Refusal(
      'uses the `this` of the code around it, which cannot be read',
      'Copy what it needs to a const, or make it a method',
    );
  }
  if (!isClass && free.usesSuper)
    throw new Refusal('uses `super` outside of its class', 'Give the object whose method it is');
  if (!isClass && free.hasPrivateNames) {
    throw new Refusal('uses private names outside of their class', 'Give the object whose method it is');
  }
  const info = functionScopes(walk.context.tools.inspector, fn);
  if (info.kind !== 'closure') throw new Refusal('has no scopes');
  const planner = new SourcePlanner(walk, node, { text, parsed, free, info, holder });
  return planner.plan();
}

/** The instance that an arrow function is a field of: its class makes one for each, whose `this` is the instance. */
function holderOf(walk: ShipWalk, node: ShipNode, text: string): ShipNode | undefined {
  const holder = node.found.kind === 'key' ? node.found.parent : undefined;
  if (holder === undefined || typeof holder.value !== 'object') return undefined;
  const isField = classesOf(holder.value, walk).some((constructor) => isFieldOf(constructor, text));
  return isField ? holder : undefined;
}

class SourcePlanner {
  readonly #walk: ShipWalk;
  readonly #node: ShipNode;
  readonly #fn: object;
  readonly #text: string;
  readonly #parsed: ParsedFunction;
  readonly #free: FreeNames;
  readonly #info: FunctionScopes;
  readonly #edits: TextEdit[] = [];
  #prototypeNode: ShipNode | undefined;
  /** Parts of the text that are left out. */
  readonly #dropped: { readonly start: number; readonly end: number }[] = [];

  constructor(
    walk: ShipWalk,
    node: ShipNode,
    source: {
      readonly text: string;
      readonly parsed: ParsedFunction;
      readonly free: FreeNames;
      readonly info: FunctionScopes;
      readonly holder: ShipNode | undefined;
    },
  ) {
    this.#walk = walk;
    this.#node = node;
    this.#fn = node.value as object; // a function
    this.#text = source.text;
    this.#parsed = source.parsed;
    this.#free = source.free;
    this.#info = source.info;
    const { holder } = source;
    if (holder === undefined) return;
    for (const { start, end } of source.free.outerThis) {
      holder.uses += 2;
      this.#edits.push({ start: this.#at(start), end: this.#at(end), text: holder, isLate: true });
    }
  }

  plan(): Plan {
    const fn = this.#fn;
    const { node } = this.#parsed;
    const classPlan = node.type === 'ClassExpression' ? this.#class(node) : undefined;
    for (const reference of this.#free.references) this.#reference(reference);
    for (const dynamic of this.#free.imports) this.#import(dynamic);
    const own = new Set<string | symbol>(['length', 'arguments', 'caller']);
    if (isOrdinaryName(fn)) own.add('name');
    if (classPlan !== undefined) this.#members(own);
    this.#prototype(own);
    const properties = planProperties(this.#walk, this.#node, { except: (key) => own.has(key) });
    return {
      kind: 'function',
      text: this.#text,
      location: this.#info.location,
      parsed: this.#parsed,
      edits: this.#edits,
      name: functionName(fn),
      properties,
      integrity: integrityOf(fn),
      prototype: this.#prototypeNode,
      classPlan,
    };
  }

  #at(offset: number): number {
    return offset - this.#parsed.offset;
  }

  #drop(from: number, to: number, text = ''): void {
    const [start, end] = [this.#at(from), this.#at(to)];
    this.#dropped.push({ start, end });
    this.#edits.push({ start, end, text });
  }

  #refer(value: unknown, step: string, kind: 'captured' | 'key' = 'key'): Piece {
    return this.#walk.refer(value, { parent: this.#node, step, kind });
  }

  /** The object that `new` gives to what the function makes. */
  #prototype(own: Set<string | symbol>): void {
    const prototype: unknown = Object.getOwnPropertyDescriptor(this.#fn, 'prototype')?.value;
    if (typeof prototype !== 'object' || prototype === null || types.isProxy(prototype)) return;
    const isOwn = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value === this.#fn;
    const isGenerators = Reflect.ownKeys(prototype).length === 0;
    if (isOwn || isGenerators) own.add('prototype');
    const isDefault =
      Reflect.ownKeys(prototype).length === 1 && Object.getPrototypeOf(prototype) === Object.prototype;
    if (isOwn && (this.#parsed.node.type === 'ClassExpression' || !isDefault)) {
      this.#prototypeNode = this.#walk.node(prototype, {
        parent: this.#node,
        step: '.prototype',
        kind: 'key',
      });
    }
  }

  /** Notes which properties of the class and its prototype are methods of its text. */
  #members(own: Set<string | symbol>): void {
    const members = membersOf(this.#text);
    const prototype: unknown = Object.getOwnPropertyDescriptor(this.#fn, 'prototype')?.value;
    for (const isStatic of [true, false]) {
      const holder = isStatic ? this.#fn : (prototype as object); // a class has one
      for (const key of Reflect.ownKeys(holder)) {
        const property = Object.getOwnPropertyDescriptor(holder, key);
        for (const part of ['value', 'get', 'set'] as const) {
          const value: unknown = property && Reflect.get(property, part);
          if (typeof value !== 'function' || types.isProxy(value) || isNative(value)) continue;
          const text = Function.prototype.toString.call(value);
          const member = members.find((one) => one.isStatic === isStatic && one.text === text);
          if (member === undefined) continue;
          this.#walk.noteMember(value, { of: this.#node, isStatic, key, part });
          if (isStatic) own.add(key);
          if (member.node.computed && !isConstant(member.node.key)) {
            this.#computedKey(member.node.key, key);
          }
        }
      }
    }
  }

  #computedKey(node: AnyNode, key: string | symbol): void {
    const [start, end] = [this.#at(node.start), this.#at(node.end)];
    if (this.#edits.some((edit) => edit.start === start)) return;
    this.#edits.push({ start, end, text: this.#refer(key, `[${String(key)}]`) });
  }

  /** Leaves out what ran when the class was defined: its statics have the results. */
  #class(node: AnyNode & { readonly type: 'ClassExpression' }): ClassPlan {
    const statics = new Map(privateFields(this.#walk.context.tools.inspector, this.#fn));
    const privateStatics: { name: string; value: Piece }[] = [];
    const privateNames: string[] = [];
    let parent: Piece | undefined;
    if (node.superClass && !(node.superClass.type === 'Literal' && node.superClass.value === null)) {
      parent = this.#refer(Object.getPrototypeOf(this.#fn), '.__proto__');
      this.#edits.push({
        start: this.#at(node.superClass.start),
        end: this.#at(node.superClass.end),
        text: parent,
      });
    }
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        this.#drop(member.start, member.end);
      } else if (member.type === 'PropertyDefinition' && member.static) {
        if (member.key.type === 'PrivateIdentifier') {
          const name = `#${member.key.name}`;
          privateStatics.push({ name, value: this.#refer(statics.get(name), `.${name}`) });
          this.#drop(member.key.end, member.end, ';');
        } else {
          this.#drop(member.start, member.end);
        }
      } else if (member.type === 'PropertyDefinition' && member.key.type === 'PrivateIdentifier') {
        privateNames.push(`#${member.key.name}`);
      }
    }
    return { parent, privateFields: privateNames, privateStatics, isRestorable: false };
  }

  /** `import('./a.ts')` is bundled; what a relative one means depends on the file that it stands in. */
  #import({ specifier, start, end }: DynamicImport): void {
    if (specifier === undefined) throw computedImport();
    if (!specifier.startsWith('.')) return;
    const { location } = this.#info;
    const file = location && this.#walk.context.places.fileOf(location);
    if (file === undefined || !isAbsolute(file)) return;
    const text = JSON.stringify(join(dirname(file), specifier));
    this.#edits.push({ start: this.#at(start), end: this.#at(end), text });
  }

  /** A cell's `import()` is a call of the kernel's own function. @returns Whether `reference` is one. */
  #cellImport(reference: Reference, value: unknown): boolean {
    if (typeof value !== 'function') return false;
    if (Object.getOwnPropertyDescriptor(value, IDENTITY)?.value !== 'millrace import') return false;
    const call = callAt(this.#parsed.node, reference.start);
    const [source] = call?.arguments ?? [];
    if (source?.type !== 'Literal' || typeof source.value !== 'string') throw computedImport();
    this.#edits.push({ start: this.#at(reference.start), end: this.#at(reference.end), text: 'import' });
    return true;
  }

  #reference(reference: Reference): void {
    const [start, first] = [this.#at(reference.start), this.#at(reference.end)];
    if (this.#dropped.some((range) => range.start <= start && start < range.end)) return;
    const bound = this.#resolve(reference);
    if (bound === undefined) return;
    const { variable, used } = bound;
    const last = used === 0 ? undefined : reference.path[used - 1];
    const end = last === undefined ? first : this.#at(last.end);
    if (used === reference.path.length) {
      if (reference.access === 'write') variable.isAssigned = true;
      if (reference.access === 'delete' && used > 0) throw new Refusal(`deletes "${variable.name}"`);
    }
    if (typeof variable.piece !== 'string') variable.piece.uses += 2;
    const before = reference.isShorthand ? `${reference.name}: ` : '';
    this.#edits.push({ start, end, text: variable, before });
  }

  /** What a free name means; undefined if it means the same on a worker. */
  #resolve(reference: Reference): { readonly variable: Variable; readonly used: number } | undefined {
    const { builtins, inspector } = this.#walk.context.tools;
    const { name, path } = reference;
    let found = resolveName(this.#info, name, builtins);
    let used = 0;
    let step = name;
    if (found.kind === 'captured' && found.value === globalThis) {
      if (path[0] === undefined) return undefined;
      found = resolveName(undefined, path[0].name, builtins);
      step = path[0].name;
      used = 1;
    }
    if (found.kind !== 'captured' || this.#cellImport(reference, found.value)) return undefined;
    if (name === 'require' && isRequire(found.value)) return undefined;
    let value = withoutLoader(inspector, found.value);
    let key = `${this.#scopeKey(found.scope)} ${step}`;
    while (isCells(value) || (isNamespace(value) && this.#walk.codeFor(value) === undefined)) {
      const member = path[used];
      if (member === undefined) {
        if (isCells(value)) throw new Refusal('uses all names of the notebook at once');
        break;
      }
      key = isCells(value) ? `cell ${member.name}` : `${key}.${member.name}`;
      value = this.#member(value, member.name);
      step = member.name;
      used++;
    }
    const known = this.#walk.variables.get(key);
    if (known !== undefined) return { variable: known, used };
    const piece = this.#refer(value, step, 'captured');
    const isOfCall = found.scope === 'inner' && used === 0;
    const { location } = this.#info;
    const variable: Variable = {
      name: step,
      piece,
      isAssigned: false,
      ...(isOfCall && {
        held: { value, scriptId: location?.scriptId ?? '', by: this.#node, scope: found.index },
      }),
    };
    this.#walk.variables.set(key, variable);
    return { variable, used };
  }

  #member(owner: object, name: string): unknown {
    if (name in owner) {
      try {
        return Reflect.get(owner, name) as unknown;
      } catch {
        // Declared, and not assigned yet: told below.
      }
    }
    throw new Refusal(`uses "${name}", which has no value yet`, 'Run the cell that defines it first');
  }

  /** Names the variables of a scope: those of a module or a script are there once. */
  #scopeKey(scope: 'inner' | 'module' | 'script'): string {
    if (scope === 'script') return 'script';
    if (scope === 'module') return `module ${this.#info.location?.scriptId ?? ''}`;
    return `function ${this.#walk.nodes.indexOf(this.#node)}`;
  }
}

/** `['a']` or `[Symbol.iterator]`: keys that mean the same wherever they stand. */
function isConstant(key: AnyNode): boolean {
  if (key.type === 'Literal') return true;
  return key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol';
}

/** The call whose callee stands at `start`. */
function callAt(node: AnyNode, start: number): CallExpression | undefined {
  if (node.type === 'CallExpression' && node.callee.start === start) return node;
  for (const child of childNodes(node)) {
    const found = child.start <= start && start < child.end ? callAt(child, start) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function computedImport(): Refusal {
  return new Refusal('imports a module whose name is computed', 'Import it by its name');
}

/** Node's `require`, or the notebook's: the bundler knows what it means. */
function isRequire(value: unknown): boolean {
  return typeof value === 'function' && 'resolve' in value && 'cache' in value && 'extensions' in value;
}

/** Whether a function's name is what its making gave it. */
function isOrdinaryName(fn: object): boolean {
  const name = Object.getOwnPropertyDescriptor(fn, 'name');
  if (name === undefined) return true;
  return typeof name.value === 'string' && name.enumerable === false && name.writable === false;
}
