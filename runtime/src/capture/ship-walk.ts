import type { Toolbox } from './walk.ts';
import type { Origin } from './scripts.ts';
import { functionScopes } from './scopes.ts';
import type { SourcePlaces } from './source-places.ts';
import { symbolExpression } from './builtins.ts';
import { functionName } from './own-property.ts';
import { Refusal } from './refusal.ts';
import { planFunction } from './ship-function.ts';
import { planObject } from './ship-object.ts';
import { planFromSource } from './ship-source.ts';
import { joinVariables } from './shared-variables.ts';
import { ShipNode, type Found, type Piece, type Variable } from './ship-node.ts';
import { findExport } from './package-exports.ts';
import { weakEntries, type WeakEntry } from './weak-entries.ts';

/** Longer strings are written once, and referred to. */
const LONGEST_INLINE = 40;
/** Values that are nested deeper are refused, as for a digest. */
const DEPTH_LIMIT = 1_000;

/** What a walk needs of its surroundings. */
export interface ShipContext {
  readonly tools: Toolbox;
  /** Millrace's own modules by specifier. */
  readonly modules: Readonly<Record<string, object>>;
  readonly places: SourcePlaces;
}

/** What is looked at after something else. */
interface Late {
  readonly node: ShipNode;
  readonly after: ShipNode | undefined;
}

/** A WeakMap or WeakSet: what ships of it, and what does not so far. */
interface WeakNode {
  readonly node: ShipNode;
  readonly entries: [key: Piece, value: Piece][];
  open: readonly WeakEntry[];
}

/** A function that a package's module may export. */
export interface PackageFunction {
  readonly node: ShipNode;
  readonly origin: Origin & { readonly kind: 'package' };
}

/**
 * Finds all that values and functions are made of, and plans how each part is written.
 *
 * Each object, function and unique symbol becomes one node, so that what was shared stays shared and cycles close.
 * Parts are looked at one after another, in the order in which they were found. No user code runs.
 */
export class ShipWalk {
  readonly context: ShipContext;
  /** All nodes, in the order in which they were found. */
  readonly nodes: ShipNode[] = [];
  /** Variables that functions close over, by where they live. */
  readonly variables = new Map<string, Variable>();
  readonly #byValue = new Map<object | symbol, ShipNode>();
  readonly #known: ReadonlyMap<object, string>;
  readonly #queue: ShipNode[] = [];
  #next = 0;
  readonly #fromPackages: PackageFunction[] = [];
  readonly #asSource = new Set<ShipNode>();
  readonly #late: Late[] = [];
  readonly #deferred = new Set<ShipNode>();
  readonly #weak: WeakNode[] = [];
  #current: ShipNode | undefined;

  constructor(context: ShipContext) {
    this.context = context;
    this.#known = exportsOf(context.modules);
  }

  /** The part that is being looked at, for errors. */
  get current(): ShipNode | undefined {
    return this.#current;
  }

  /** Code for a primitive, or the node of anything else. */
  refer(value: unknown, found: Found): Piece {
    switch (typeof value) {
      case 'undefined':
        return 'undefined';
      case 'boolean':
        return String(value);
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
        return `${value}n`;
      case 'string':
        return JSON.stringify(value);
      case 'symbol': {
        const code = symbolExpression(value);
        return code ?? this.node(value, found);
      }
      case 'function':
      case 'object':
        return value === null ? 'null' : this.node(value, found);
    }
  }

  /** The node of an object, a function or a unique symbol; it is looked at later if it is new. */
  node(value: object | symbol, found: Found): ShipNode {
    let node = this.#byValue.get(value);
    if (node === undefined) {
      node = new ShipNode(value, found);
      this.#byValue.set(value, node);
      this.nodes.push(node);
      this.#queue.push(node);
    }
    node.uses++;
    return node;
  }

  /** Notes that a function is a method or accessor that a class has in its own text. */
  noteMember(
    fn: object,
    member: {
      readonly of: ShipNode;
      readonly isStatic: boolean;
      readonly key: string | symbol;
      readonly part: 'value' | 'get' | 'set';
    },
  ): void {
    const found: Found = { parent: member.of, step: `.${String(member.key)}`, kind: 'key' };
    const node = this.#byValue.get(fn) ?? new ShipNode(fn, found);
    if (!this.#byValue.has(fn)) this.nodes.push(node);
    this.#byValue.set(fn, node);
    const key = typeof member.key === 'symbol' ? this.refer(member.key, found) : JSON.stringify(member.key);
    node.plan = { kind: 'member', of: member.of, isStatic: member.isStatic, key, part: member.part };
  }

  /** Whether this function is a method that a class has in its own text. */
  isMember(fn: unknown): boolean {
    return typeof fn === 'function' && this.#byValue.get(fn)?.plan?.kind === 'member';
  }

  /**
   * Looks at `node` later: a method when all else was looked at, as its class may be found; a prototype when its class
   * has a plan. False if it was put off before.
   */
  defer(node: ShipNode, after?: ShipNode): boolean {
    if (this.#deferred.has(node)) return false;
    this.#deferred.add(node);
    this.#late.push({ node, after });
    return true;
  }

  /** Looks at all parts that were found, and at what they lead to. */
  async run(): Promise<void> {
    for (;;) {
      const node =
        this.#takeNext() ?? this.#takeLate(({ after }) => after === undefined || after.plan !== undefined);
      if (node !== undefined) {
        this.#current = node;
        node.plan ??= this.#plan(node);
        continue;
      }
      const batch = this.#fromPackages.splice(0);
      for (const { node: fn, origin } of batch) await this.#packageFunction(fn, origin);
      if (batch.length > 0 || this.#next < this.#queue.length) continue;
      if (!this.#addEntries()) break;
    }
    for (const node of this.nodes) this.#checkRestored(node);
    const unclear = joinVariables(this.variables.values(), this.context.tools.inspector);
    if (unclear === undefined) return;
    this.#current = unclear.by;
    throw new Refusal(
      `uses "${unclear.name}", which is assigned, and perhaps shared with another function`,
      'Hold it in an object: const state = { n: 0 }',
    );
  }

  /** Private fields can be set only in a class that ships by its source. */
  #checkRestored(node: ShipNode): void {
    if (node.plan?.kind !== 'object') return;
    for (const { owner } of node.plan.restored?.fields ?? []) {
      if (owner.plan?.kind === 'function') continue;
      this.#current = node;
      throw new Refusal('has private fields of a class that the worker has of its own');
    }
  }

  /** Makes an error name `node` instead of the part that is being looked at. */
  blame(node: ShipNode): void {
    this.#current = node;
  }

  /** Leaves the entries of a WeakMap or WeakSet for later: those ship whose key ships anyway. */
  deferEntries(node: ShipNode, entries: WeakNode['entries']): void {
    const open = weakEntries(this.context.tools.inspector, node.value as object); // its plan is an object's
    this.#weak.push({ node, entries, open });
  }

  /** Adds the entries of keys that were found since; false if there were none. */
  #addEntries(): boolean {
    const order = new Map(this.nodes.map((node, at) => [node.value, at]));
    let isAny = false;
    for (const weak of this.#weak) {
      this.#current = weak.node;
      const ready = weak.open.flatMap((entry) => {
        const { key } = entry;
        const at = order.get(key);
        const code = at === undefined && typeof key !== 'symbol' ? this.codeFor(key) : undefined;
        return at === undefined && code === undefined ? [] : [{ entry, at: at ?? -1, code: code ?? '' }];
      });
      // They are listed in an order that changes from time to time; what is written is to stay the same.
      ready.sort((a, b) => a.at - b.at || (a.code < b.code ? -1 : 1));
      const found: Found = { parent: weak.node, step: '.get(…)', kind: 'key' };
      for (const { key, value } of ready.map(({ entry }) => entry)) {
        weak.entries.push([this.refer(key, found), this.refer(value, found)]);
      }
      const isReady = new Set(ready.map(({ entry }) => entry));
      weak.open = weak.open.filter((entry) => !isReady.has(entry));
      isAny ||= ready.length > 0;
    }
    return isAny;
  }

  #takeNext(): ShipNode | undefined {
    return this.#next < this.#queue.length ? this.#queue[this.#next++] : undefined;
  }

  #takeLate(isReady: (late: Late) => boolean): ShipNode | undefined {
    const at = this.#late.findIndex(isReady);
    return at < 0 ? undefined : this.#late.splice(at, 1)[0]?.node;
  }

  async #packageFunction(node: ShipNode, { file }: PackageFunction['origin']): Promise<void> {
    if (node.plan !== undefined) return;
    this.#current = node;
    // A function of a package is an object.
    const place = this.#asSource.has(node) ? undefined : await findExport(node.value as object, file);
    node.plan = place === undefined ? planFromSource(this, node) : { kind: 'import', ...place };
  }

  /** Leaves a package's function for later: its module may export it. */
  leaveToPackage(found: PackageFunction): void {
    this.#fromPackages.push(found);
  }

  /** Ships a class by its source, even if its package exports it: an instance with private fields needs that. */
  requireSource(node: ShipNode): void {
    this.#asSource.add(node);
    if (node.plan?.kind === 'import') node.plan = planFromSource(this, node);
  }

  #plan(node: ShipNode): ShipNode['plan'] {
    const { value } = node;
    if (typeof value === 'symbol') {
      const description = value.description === undefined ? '' : JSON.stringify(value.description);
      return { kind: 'code', code: `Symbol(${description})` };
    }
    if (depthOf(node) > DEPTH_LIMIT) throw new Refusal(`is nested more than ${DEPTH_LIMIT} levels deep`);
    const code = this.codeFor(value);
    if (code !== undefined) return { kind: 'code', code };
    return typeof value === 'function' ? planFunction(this, node) : planObject(this, node);
  }

  /** Code for what every worker has: Millrace's exports, JavaScript, Node. */
  codeFor(value: object): string | undefined {
    return this.#known.get(value) ?? this.context.tools.builtins.expressionOf(value);
  }

  /** How an error calls a node: `"db".socket (captured by "enrich", cell 7, line 3)`. */
  describe(node: ShipNode): string {
    const keys: string[] = [];
    let at: ShipNode | undefined = node;
    while (at?.found.kind === 'key') {
      keys.unshift(at.found.step);
      at = at.found.parent;
    }
    const found = at?.found;
    const holder = found?.parent;
    const name = found?.kind === 'captured' ? `"${found.step}"` : (found?.step ?? 'the value');
    const from =
      found?.kind === 'captured' && holder !== undefined ? ` (captured by ${this.#holder(holder)})` : '';
    return `${name}${keys.join('')}${from}`;
  }

  #holder(node: ShipNode): string {
    const { value } = node;
    const name = typeof value === 'function' ? functionName(value) : '';
    const called = name !== '' ? `"${name}"` : node.found.kind === 'export' ? node.found.step : 'a function';
    const place = typeof value === 'function' ? this.#place(value) : undefined;
    return place === undefined ? called : `${called}, ${place}`;
  }

  /** "cell 7, line 3": where a function begins. */
  #place(fn: object): string | undefined {
    const info = functionScopes(this.context.tools.inspector, fn);
    if (info.kind !== 'closure' || info.location === undefined) return undefined;
    const place = this.context.places.of(info.location, Function.prototype.toString.call(fn))(0);
    return place && `${place.source}, line ${place.line}`;
  }
}

/** Whether a primitive's code may stand wherever it is used. */
export function isInline(piece: Piece): piece is string {
  return typeof piece === 'string' && piece.length <= LONGEST_INLINE;
}

function depthOf(node: ShipNode): number {
  let depth = 0;
  for (let at = node; at.found.kind === 'key' && at.found.parent !== undefined; at = at.found.parent) depth++;
  return depth;
}

/** Code for the exports of Millrace's modules, and for those of the namespaces among them. */
function exportsOf(modules: Readonly<Record<string, object>>): Map<object, string> {
  const known = new Map<object, string>();
  const add = (value: unknown, code: string, isDeep: boolean) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    if (!known.has(value)) known.set(value, code);
    if (!isDeep) return;
    for (const name of Object.keys(value)) {
      const member: unknown = Reflect.get(value, name);
      const isModule = typeof member === 'object' && member !== null && isModuleObject(member);
      add(member, `${code}[${JSON.stringify(name)}]`, isModule);
    }
  };
  for (const [specifier, module] of Object.entries(modules)) {
    add(module, `millrace[${JSON.stringify(specifier)}]`, true);
  }
  return known;
}

function isModuleObject(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === 'Module';
}
