import type { AnyNode, Class, Function as FunctionNode } from 'acorn';

/**
 * The names that are declared around a place of a syntax tree.
 *
 * Where JavaScript's rules depend on strictness (functions in blocks), a name counts as declared in less places: a
 * name that is taken for free though it is not does no harm.
 */
export class Names {
  readonly #outer: Names | undefined;
  readonly #own = new Set<string>();

  constructor(outer: Names | undefined) {
    this.#outer = outer;
  }

  /** Whether `name` is declared here or further out. */
  has(name: string): boolean {
    return this.#own.has(name) || (this.#outer?.has(name) ?? false);
  }

  /** Names inside of `node`: its own scope if it opens one, else these. */
  inside(node: AnyNode): Names {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- other nodes open no scope
    switch (node.type) {
      case 'Program':
        return this.functionBody(node);
      case 'BlockStatement':
        return this.#block(node.body);
      case 'SwitchStatement':
        return this.#block(node.cases.flatMap((one) => one.consequent));
      case 'ForStatement':
        return node.init ? this.#block([node.init]) : this;
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#block([node.left]);
      case 'CatchClause': {
        const names = new Names(this);
        if (node.param) names.#pattern(node.param);
        return names;
      }
      default:
        return this;
    }
  }

  /** Names inside of a function's parameter list; its body is a scope within them. */
  parameters(node: FunctionNode): Names {
    const names = new Names(this);
    if (node.type === 'FunctionExpression' && node.id) names.#own.add(node.id.name);
    if (node.type !== 'ArrowFunctionExpression') names.#own.add('arguments');
    for (const param of node.params) names.#pattern(param);
    return names;
  }

  /** Names inside of a function's body, a static block or a program: with the `var`s of all its blocks. */
  functionBody(node: { readonly body: readonly AnyNode[] }): Names {
    const names = this.#block(node.body);
    for (const statement of node.body) names.#vars(statement);
    return names;
  }

  /** Names inside of a class. */
  className(node: Class): Names {
    if (!node.id) return this;
    const names = new Names(this);
    names.#own.add(node.id.name);
    return names;
  }

  #block(statements: readonly AnyNode[]): Names {
    const names = new Names(this);
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
        for (const { id } of statement.declarations) names.#pattern(id);
      } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
        if (statement.id) names.#own.add(statement.id.name);
      } else if (statement.type === 'ImportDeclaration') {
        for (const { local } of statement.specifiers) names.#own.add(local.name);
      } else if (
        statement.type === 'ExportNamedDeclaration' ||
        statement.type === 'ExportDefaultDeclaration'
      ) {
        if (statement.declaration) names.#declaredBy(statement.declaration);
      }
    }
    return names;
  }

  #declaredBy(declaration: AnyNode): void {
    for (const name of this.#block([declaration]).#own) this.#own.add(name);
  }

  #vars(node: AnyNode): void {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- other nodes declare no names themselves
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassDeclaration':
      case 'ClassExpression':
        return;
      case 'VariableDeclaration':
        if (node.kind === 'var') for (const { id } of node.declarations) this.#pattern(id);
        return;
      default:
        for (const child of childNodes(node)) this.#vars(child);
    }
  }

  #pattern(node: AnyNode): void {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- other nodes bind no names
    switch (node.type) {
      case 'Identifier':
        this.#own.add(node.name);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) this.#pattern(property);
        return;
      case 'Property':
        this.#pattern(node.value);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element);
        return;
      case 'AssignmentPattern':
        this.#pattern(node.left);
        return;
      case 'RestElement':
        this.#pattern(node.argument);
        return;
    }
  }
}

/** The nodes right below `node`, in the order of its fields. */
export function* childNodes(node: AnyNode): Generator<AnyNode> {
  for (const field of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(field) ? (field as unknown[]) : [field]) if (isNode(child)) yield child;
  }
}

/** Tells a syntax node from the other things that a node's fields hold. */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
