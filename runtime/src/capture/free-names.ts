import type { AnyNode, Class, Identifier, MemberExpression } from 'acorn';
import { childNodes, Names } from './lexical-scope.ts';
import { Refusal } from './refusal.ts';

/** How a free name is used: whole, or by these members only. */
export interface Usage {
  /** The value itself is used: passed on, called, indexed by what is known only when it runs. */
  isWhole: boolean;
  readonly members: Map<string, Usage>;
}

/** One place where a free name stands. Offsets are those of the parsed text. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The members that follow: for `cells.io.read` these are "io" and "read", each with where it ends. */
  readonly path: readonly { readonly name: string; readonly end: number }[];
  /** What is done to the whole: `cells.n++` writes. */
  readonly access: Access;
  /** It stands in `{ name }`, for the key and for the value. */
  readonly isShorthand: boolean;
}

/** An `import()`, with the place of what is between its parentheses. */
export interface DynamicImport {
  /** Undefined if it is computed. */
  readonly specifier: string | undefined;
  readonly start: number;
  readonly end: number;
}

type Access = 'read' | 'write' | 'delete';

/** What a function takes from around it. */
export interface FreeNames {
  /** Each free name with what is used of it. */
  readonly names: ReadonlyMap<string, Usage>;
  /** Each place of a free name, in the order of the walk. */
  readonly references: readonly Reference[];
  /** Each `import()` of what is not built into Node. */
  readonly imports: readonly DynamicImport[];
  /** Each place where an arrow function uses the `this` of the code around it. */
  readonly outerThis: readonly { readonly start: number; readonly end: number }[];
  /** An arrow function that uses the `this`, `super` or `new.target` of the code around it. */
  readonly usesOuterThis: boolean;
  /** An arrow function that uses the `new.target` of the code around it. */
  readonly usesNewTarget: boolean;
  /** A method that uses `super`. */
  readonly usesSuper: boolean;
  /** It names a private member: `#limit`. */
  readonly hasPrivateNames: boolean;
}

/** What `this` and `super` mean at a place: the function's own, or those of the code around the root. */
interface Place {
  readonly names: Names;
  readonly isOuterThis: boolean;
  readonly isOuterSuper: boolean;
}

/**
 * The free names of a function or class.
 *
 * What a class evaluates once when it is defined, its `extends` and the computed keys of its methods, is left out: the
 * class itself has the results. Cost: linear in the source.
 *
 * @throws {Refusal} for direct `eval`, `with` and `import.meta`.
 */
export function freeNames(root: AnyNode): FreeNames {
  const finder = new FreeNameFinder();
  finder.visitRoot(root);
  return finder;
}

class FreeNameFinder implements FreeNames {
  readonly names = new Map<string, Usage>();
  readonly references: Reference[] = [];
  readonly imports: DynamicImport[] = [];
  readonly outerThis: { readonly start: number; readonly end: number }[] = [];
  usesOuterThis = false;
  usesNewTarget = false;
  usesSuper = false;
  hasPrivateNames = false;

  visitRoot(root: AnyNode): void {
    const place: Place = { names: new Names(undefined), isOuterThis: true, isOuterSuper: true };
    if (root.type === 'ClassExpression') this.#class(root, place, true);
    else if (root.type === 'Property' || root.type === 'MethodDefinition') this.#visit(root.value, place);
    else this.#visit(root, place);
  }

  #visit(node: AnyNode, place: Place): void {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the other nodes only hold these
    switch (node.type) {
      case 'Identifier':
        this.#use(node, [], place);
        return;
      case 'MemberExpression':
        this.#member(node, place, 'read');
        return;
      case 'AssignmentExpression':
        this.#target(node.left, place);
        this.#visit(node.right, place);
        return;
      case 'UpdateExpression':
        this.#target(node.argument, place);
        return;
      case 'UnaryExpression':
        if (node.operator === 'delete' && node.argument.type === 'MemberExpression') {
          this.#member(node.argument, place, 'delete');
        } else {
          this.#visit(node.argument, place);
        }
        return;
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = { ...place, names: place.names.inside(node) };
        if (node.left.type === 'VariableDeclaration') this.#visit(node.left, inner);
        else this.#target(node.left, inner);
        this.#visit(node.right, inner);
        this.#visit(node.body, inner);
        return;
      }
      case 'Property':
        if (node.computed) this.#visit(node.key, place);
        if (node.shorthand && node.value.type === 'Identifier') {
          this.#use(node.value, [], place, { isShorthand: true });
          return;
        }
        // The methods of an object literal have a `super` of their own.
        this.#visit(
          node.value,
          node.method || node.kind !== 'init' ? { ...place, isOuterSuper: false } : place,
        );
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node, place);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node, place, false);
        return;
      case 'ThisExpression':
        this.usesOuterThis ||= place.isOuterThis;
        if (place.isOuterThis) this.outerThis.push({ start: node.start, end: node.end });
        return;
      case 'Super':
        this.usesSuper ||= place.isOuterSuper;
        return;
      case 'PrivateIdentifier':
        this.hasPrivateNames = true;
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') throw new Refusal('uses import.meta', 'Copy it to a const first');
        this.usesOuterThis ||= place.isOuterThis;
        if (place.isOuterThis) this.usesNewTarget = true;
        return;
      case 'WithStatement':
        throw new Refusal('uses a with statement, so what its names mean cannot be told');
      case 'ImportExpression':
        this.#import(node.source, place);
        return;
      case 'LabeledStatement':
        this.#visit(node.body, place);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
        this.#children(node, { ...place, names: place.names.inside(node) });
    }
  }

  #children(node: AnyNode, place: Place): void {
    for (const child of childNodes(node)) this.#visit(child, place);
  }

  #import(source: AnyNode, place: Place): void {
    if (source.type === 'Literal' && String(source.value).startsWith('node:')) return;
    this.#visit(source, place);
    const specifier =
      source.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined;
    this.imports.push({ specifier, start: source.start, end: source.end });
  }

  /** What is assigned to: a name, a member, or a pattern of these. */
  #target(node: AnyNode, place: Place): void {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- nothing else can be assigned to
    switch (node.type) {
      case 'Identifier':
        this.#use(node, [], place, { access: 'write' });
        return;
      case 'MemberExpression':
        this.#member(node, place, 'write');
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') {
            this.#target(property.argument, place);
            continue;
          }
          if (property.computed) this.#visit(property.key, place);
          const { value, shorthand } = property;
          if (shorthand) this.#shorthandTarget(value, place);
          else this.#target(value, place);
        }
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element !== null) this.#target(element, place);
        return;
      case 'AssignmentPattern':
        this.#target(node.left, place);
        this.#visit(node.right, place);
        return;
      case 'RestElement':
        this.#target(node.argument, place);
        return;
      default:
        this.#visit(node, place);
    }
  }

  /** `{ n }` or `{ n = 1 }` in a pattern that is assigned to. */
  #shorthandTarget(node: AnyNode, place: Place): void {
    const name = node.type === 'AssignmentPattern' ? node.left : node;
    if (name.type === 'Identifier') this.#use(name, [], place, { access: 'write', isShorthand: true });
    if (node.type === 'AssignmentPattern') this.#visit(node.right, place);
  }

  #member(node: MemberExpression, place: Place, access: Access): void {
    const path: { name: string; end: number }[] = [];
    let isWhole = true;
    let object: AnyNode = node;
    while (object.type === 'MemberExpression') {
      const { property, end } = object;
      if (!object.computed && property.type === 'Identifier') {
        path.unshift({ name: property.name, end });
      } else if (object.computed && property.type === 'Literal' && typeof property.value === 'string') {
        path.unshift({ name: property.value, end });
      } else {
        path.length = 0;
        isWhole = false;
        this.#visit(property, place);
      }
      object = object.object;
    }
    if (object.type === 'Identifier') this.#use(object, path, place, isWhole ? { access } : {});
    else this.#visit(object, place);
  }

  #use(
    { name, start, end }: Identifier,
    path: Reference['path'],
    { names }: Place,
    { access = 'read', isShorthand = false }: { access?: Access; isShorthand?: boolean } = {},
  ): void {
    if (names.has(name)) return;
    if (name === 'eval') throw new Refusal('uses eval, so what it depends on cannot be told');
    this.references.push({ name, start, end, path, access, isShorthand });
    let members = this.names;
    let usage: Usage | undefined;
    for (const key of [name, ...path.map((member) => member.name)]) {
      usage = members.get(key);
      if (usage === undefined) {
        usage = { isWhole: false, members: new Map() };
        members.set(key, usage);
      }
      members = usage.members;
    }
    if (usage !== undefined) usage.isWhole = true;
  }

  #function(
    node: AnyNode & {
      readonly type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression';
    },
    place: Place,
  ): void {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const params = place.names.parameters(node);
    const own = { ...place, names: params, isOuterThis: isArrow && place.isOuterThis };
    for (const param of node.params) this.#visit(param, own);
    if (node.body.type === 'BlockStatement') {
      this.#children(node.body, { ...own, names: params.functionBody(node.body) });
    } else {
      this.#visit(node.body, own);
    }
  }

  #class(node: Class, outer: Place, isRoot: boolean): void {
    const place = { ...outer, names: outer.names.className(node) };
    const inside = { ...place, isOuterThis: false, isOuterSuper: false };
    if (!isRoot && node.superClass) this.#visit(node.superClass, place);
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        const block = { ...inside, names: inside.names.functionBody(member) };
        this.#children(member, block);
        continue;
      }
      if (member.key.type === 'PrivateIdentifier') this.hasPrivateNames = true;
      if (member.computed && isRoot && member.type === 'PropertyDefinition' && !isConstantKey(member.key)) {
        throw new Refusal('has a field whose name is computed when the class is defined');
      }
      if (member.computed && !isRoot) this.#visit(member.key, place);
      if (member.value) this.#visit(member.value, inside);
    }
  }
}

/** `['a']` or `[Symbol.iterator]`: keys that mean the same wherever they stand. */
function isConstantKey(key: AnyNode): boolean {
  if (key.type === 'Literal') return true;
  return key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol';
}
