import { largeLiteral } from './large-literal.ts';
import { HELPERS, type Helper } from './module-helpers.ts';
import type {
  FunctionPlan,
  Integrity,
  ObjectPlan,
  Piece,
  Plan,
  ShipNode,
  ShipProperty,
  TextEdit,
  Variable,
} from './ship-node.ts';
import { isInline } from './ship-walk.ts';
import type { Edit, MarkedText } from './text-edits.ts';
import { writeFunction } from './write-function.ts';
import {
  contentsOf,
  emptyObject,
  isExpression,
  propertyOf,
  wholeObject,
  type ObjectWriter,
} from './write-object.ts';

/** Values that are written within others are nested no deeper, for the sake of parsers. */
const INLINE_DEPTH = 50;

/** What is to be written. */
export interface EmitOptions {
  readonly exports: ReadonlyMap<string, Piece>;
  /** All nodes; their text may not hold a name that is made here. */
  readonly nodes: readonly ShipNode[];
}

/** A function's declaration, which may be several lines. */
interface Line extends MarkedText {
  readonly node: ShipNode;
}

/** A module, and which of its places come from which functions. */
export interface EmittedModule {
  readonly code: string;
  /** Offsets in the code, in order, with those in the text of the function. */
  readonly marks: readonly { readonly at: number; readonly node: ShipNode; readonly from: number }[];
}

/** Writes the planned parts as the text of one ES module. It runs no user code when it is loaded. */
export function emitModule(options: EmitOptions): EmittedModule {
  return new Emitter(options).module();
}

class Emitter {
  readonly #options: EmitOptions;
  readonly #names = new Map<ShipNode | Variable | string, string>();
  readonly #imports = new Map<string, string>();
  readonly #lines: (string | Line)[] = [];
  readonly #last: string[] = [];
  readonly #begun = new Set<ShipNode>();
  /** Objects whose parts are being written: they are not there yet. */
  readonly #inProgress = new Set<ShipNode>();
  /** How often such an object was asked for. */
  #cycles = 0;
  readonly #fillers: (() => void)[] = [];
  readonly #prefix: string;
  readonly #helpers = new Set<Helper>();
  readonly #variables: string[] = [];
  readonly #writer: ObjectWriter = {
    piece: (piece, depth = 0) => this.#piece(piece, depth),
    helper: (name) => this.#helper(name),
  };
  #count = 0;

  constructor(options: EmitOptions) {
    this.#options = options;
    const texts = options.nodes.flatMap(({ plan }) => (plan?.kind === 'function' ? [plan.text] : []));
    let prefix = 'm';
    while (texts.some((text) => new RegExp(`\\b${prefix}\\d*_`).test(text))) prefix += 'm';
    this.#prefix = prefix;
  }

  module(): EmittedModule {
    const exported: string[] = [];
    for (const { plan } of this.#options.nodes) {
      if (plan?.kind !== 'object') continue;
      for (const { owner } of plan.restored?.fields ?? []) {
        if (owner.plan?.kind === 'function' && owner.plan.classPlan) owner.plan.classPlan.isRestorable = true;
      }
    }
    for (const [name, piece] of this.#options.exports) {
      const code = this.#piece(piece);
      const own = this.#fresh('export');
      exported.push(`const ${own} = ${code};`, `export { ${own} as ${JSON.stringify(name)} };`);
    }
    this.#fill();
    const imports = [...this.#imports].map(
      ([file, name]) => `import * as ${name} from ${JSON.stringify(file)};`,
    );
    const helpers = [...this.#helpers]
      .sort()
      .map((name) =>
        HELPERS[name]
          .replaceAll('NAME', this.#helperName(name))
          .replaceAll('RESTORING', this.#helperName('restoring')),
      );
    return joined([
      ...imports,
      `const ${this.#prefix}_millrace = globalThis[Symbol.for('millrace.modules')];`,
      ...helpers,
      ...this.#variables,
      ...this.#lines,
      ...this.#last,
      ...exported,
      '',
    ]);
  }

  #fresh(hint: string): string {
    const word = hint.replaceAll(/[^\w$]/g, '').slice(0, 40);
    return `${this.#prefix}${++this.#count}_${word}`;
  }

  #helperName(name: Helper): string {
    return `${this.#prefix}_${name}`;
  }

  #helper(name: Helper): string {
    this.#helpers.add(name);
    if (name !== 'restoring' && HELPERS[name].includes('RESTORING')) this.#helpers.add('restoring');
    return this.#helperName(name);
  }

  /** Runs what was put off until all parts are there; that may make more parts. */
  #fill(): void {
    // An array's iterator sees what is added while it runs.
    for (const filler of this.#fillers) filler();
  }

  /** Code for a value that is there when this code runs. */
  #piece(piece: Piece, depth = 0): string {
    return typeof piece === 'string' ? piece : this.#node(piece, depth);
  }

  #node(node: ShipNode, depth: number): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    if (this.#inProgress.has(node)) {
      this.#cycles++;
      return 'undefined';
    }
    const { plan } = node;
    if (plan === undefined)
      throw new TypeError('Cannot write a part of a captured module as it must have a plan');
    switch (plan.kind) {
      case 'code':
        return this.#declare(node, hintOf(node), this.#code(plan.code));
      case 'import':
        return this.#declare(node, plan.path.at(-1) ?? hintOf(node), this.#import(plan));
      case 'prototype':
        return this.#prototypeOf(node, plan);
      case 'member':
        return this.#member(node, plan);
      case 'function':
        return this.#function(node, plan);
      case 'bound':
        return this.#bound(node, plan);
      case 'object':
        return this.#object(node, plan, depth);
    }
  }

  #code(code: string): string {
    return code.startsWith('millrace[') ? `${this.#prefix}_${code}` : code;
  }

  #declare(node: ShipNode, hint: string, code: string): string {
    const name = this.#fresh(hint);
    this.#names.set(node, name);
    this.#lines.push(`const ${name} = ${code};`);
    return name;
  }

  #import({ file, path, isCommonJs }: Plan & { readonly kind: 'import' }): string {
    const members = path.map((name) => `[${JSON.stringify(name)}]`).join('');
    // What require() gives is exactly what the module exports.
    if (isCommonJs) return `require(${JSON.stringify(file)})${members}`;
    let name = this.#imports.get(file);
    if (name === undefined) {
      name = this.#fresh('module');
      this.#imports.set(file, name);
    }
    return `${name}${members}`;
  }

  #prototypeOf(node: ShipNode, plan: Plan & { readonly kind: 'prototype' }): string {
    const code = `${this.#piece(plan.of)}.prototype`;
    if (!this.#begun.has(node)) {
      this.#begun.add(node);
      this.#later(code, plan.properties, plan.integrity, plan.prototype);
    }
    return code;
  }

  #member(node: ShipNode, plan: Plan & { readonly kind: 'member' }): string {
    const owner = this.#piece(plan.of);
    const holder = plan.isStatic ? owner : `${owner}.prototype`;
    const key = this.#piece(plan.key);
    const descriptor = `Object.getOwnPropertyDescriptor(${holder}, ${key})`;
    return this.#declare(node, 'method', `${descriptor}.${plan.part}`);
  }

  #bound(node: ShipNode, plan: Plan & { readonly kind: 'bound' }): string {
    const code = this.#unlessCyclic(() => {
      const args = [plan.boundThis, ...plan.boundArgs].map((arg) => this.#piece(arg)).join(', ');
      return `Reflect.apply(Function.prototype.bind, ${this.#piece(plan.target)}, [${args}])`;
    });
    // It is bound when all that it is bound to is there: what asked for it is not complete either.
    if (code === undefined) return 'undefined';
    const name = this.#declare(node, 'bound', code);
    this.#later(name, plan.properties, plan.integrity);
    return name;
  }

  #function(node: ShipNode, plan: FunctionPlan): string {
    const name = this.#fresh(plan.name);
    this.#names.set(node, name);
    const { classPlan } = plan;
    // What a class needs when it is defined comes first; all else may come after.
    const early = new Map<TextEdit, string>();
    for (const edit of plan.edits) {
      const isEarly = typeof edit.text !== 'string' && !('isAssigned' in edit.text) && edit.isLate !== true;
      if (isEarly) early.set(edit, this.#piece(edit.text));
    }
    const at = this.#lines.length;
    this.#lines.push('');
    this.#fillers.push(() => {
      this.#lines[at] = this.#functionText(node, plan, name, early);
    });
    const { prototype } = plan;
    if (prototype !== undefined) this.#fillers.push(() => void this.#node(prototype, 0));
    this.#later(name, plan.properties, plan.integrity);
    if (classPlan !== undefined) {
      if (classPlan.privateStatics.length > 0) {
        this.#fillers.push(() => {
          const values = classPlan.privateStatics.map(({ value }) => this.#piece(value));
          this.#last.push(`${name}_statics([${values.join(', ')}]);`);
        });
      }
    }
    return name;
  }

  #functionText(
    node: ShipNode,
    plan: FunctionPlan,
    variable: string,
    early: ReadonlyMap<TextEdit, string>,
  ): Line {
    const edits = plan.edits.map((edit): Edit => {
      const { text, start, end, before = '' } = edit;
      const code =
        early.get(edit) ??
        (typeof text === 'string' ? text : 'isAssigned' in text ? this.#variable(text) : this.#piece(text));
      return { start, end, text: `${before}${code}` };
    });
    const restoring = () => `${this.#helper('restoring')}.on`;
    const given = `${this.#prefix}_given`;
    return { node, ...writeFunction(plan, { variable, edits, restoring, given }) };
  }

  /** Code for a variable that functions close over. */
  #variable(given: Variable): string {
    const variable = given.same ?? given;
    const { piece, isAssigned } = variable;
    if (!isAssigned && isInline(piece)) return `(${piece})`;
    const known = this.#names.get(variable);
    if (known !== undefined) return known;
    if (!isAssigned && typeof piece !== 'string') return this.#piece(piece);
    const name = this.#fresh(variable.name);
    this.#names.set(variable, name);
    if (typeof piece === 'string') {
      this.#variables.push(`let ${name} = ${piece};`);
    } else {
      this.#variables.push(`let ${name};`);
      this.#last.push(`${name} = ${this.#piece(piece)};`);
    }
    return name;
  }

  #object(node: ShipNode, plan: ObjectPlan, depth: number): string {
    const isWhole = isExpression(plan);
    if (node.uses < 2 && depth < INLINE_DEPTH && isWhole) {
      const inline = wholeObject(plan, this.#writer, depth);
      return depth === 0 ? largeLiteral(inline) : inline;
    }
    const name = this.#fresh(hintOf(node));
    this.#inProgress.add(node);
    const whole = isWhole ? this.#unlessCyclic(() => wholeObject(plan, this.#writer, 0)) : undefined;
    const code = whole === undefined ? emptyObject(plan, this.#writer) : largeLiteral(whole);
    const { prototype } = plan;
    // What may lead back to the object follows when all parts are there; its prototype does so seldom.
    const above =
      prototype && whole === undefined ? this.#unlessCyclic(() => this.#piece(prototype)) : undefined;
    this.#inProgress.delete(node);
    this.#names.set(node, name);
    this.#lines.push(
      `const ${name} = ${above === undefined ? code : `Object.setPrototypeOf(${code}, ${above})`};`,
    );
    if (whole === undefined) {
      this.#fillers.push(() => void this.#last.push(...contentsOf(name, plan, this.#writer)));
      this.#later(name, plan.properties, plan.integrity, above === undefined ? prototype : undefined);
    }
    return name;
  }

  /** What `write` gives; undefined if it asked for an object that is not there yet. */
  #unlessCyclic(write: () => string): string | undefined {
    const before = this.#cycles;
    const code = write();
    return this.#cycles > before ? undefined : code;
  }

  /** Sets properties when all parts are there, then freezes. */
  #later(name: string, properties: readonly ShipProperty[], integrity: Integrity, prototype?: Piece): void {
    if (properties.length === 0 && integrity === 'open' && prototype === undefined) return;
    this.#fillers.push(() => {
      if (prototype !== undefined) {
        this.#last.push(`Object.setPrototypeOf(${name}, ${this.#piece(prototype)});`);
      }
      for (const property of properties) this.#last.push(propertyOf(name, property, this.#writer));
      if (integrity !== 'open') {
        this.#fillers.push(() => this.#last.push(`Object.${integrity}(${name});`));
      }
    });
  }
}

function joined(lines: readonly (string | Line)[]): EmittedModule {
  const marks: { at: number; node: ShipNode; from: number }[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const line of lines) {
    const start = length;
    const code = typeof line === 'string' ? line : line.code;
    if (typeof line !== 'string') {
      for (const { at, from } of line.marks) marks.push({ at: start + at, node: line.node, from });
    }
    parts.push(code);
    length += code.length + 1;
  }
  return { code: parts.join('\n'), marks };
}

function hintOf({ found }: ShipNode): string {
  return found.step.replaceAll(/\W/g, '');
}
