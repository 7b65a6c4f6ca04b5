import { parse, type AnyNode, type Class, type Program } from 'acorn';
import { childNodes, Names } from './lexical-scope.ts';
import type { ScriptLocation } from './scopes.ts';

/**
 * Tells which names a function of a script takes from the script's own top level.
 *
 * Needed for CommonJS packages: the inspector shows their top level as a closure like any other.
 */
export class ModuleScopes {
  readonly #program: Program;
  readonly #lineStarts: readonly number[];

  /** @returns undefined if `source` cannot be parsed. */
  static parse(source: string): ModuleScopes | undefined {
    for (const sourceType of ['script', 'module'] as const) {
      try {
        const program = parse(source, {
          ecmaVersion: 'latest',
          sourceType,
          allowReturnOutsideFunction: true,
          allowAwaitOutsideFunction: true,
          allowHashBang: true,
        });
        return new ModuleScopes(program, source);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return undefined;
  }

  private constructor(program: Program, source: string) {
    this.#program = program;
    const starts = [0];
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /**
   * For the function at `location`: whether a free name of it is declared by a function around it, and so may differ
   * from call to call of that function. All other names are the script's own, or global.
   */
  declaredByCalls({ lineNumber, columnNumber }: ScriptLocation): (name: string) => boolean {
    const offset = (this.#lineStarts[lineNumber] ?? 0) + columnNumber;
    const wrapper = wrapperOf(this.#program);
    let names: Names | undefined;
    let node: AnyNode | undefined = this.#program;
    while (node !== undefined) {
      if (isFunction(node) && node !== wrapper) {
        names = (names ?? new Names(undefined)).parameters(node);
        if (node.body.type === 'BlockStatement') names = names.functionBody(node.body);
      } else if (names !== undefined) {
        const isClass = node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
        names = isClass ? names.className(node as Class) : names.inside(node);
      }
      node = childAt(node, offset);
    }
    return (name) => names?.has(name) ?? false;
  }
}

/** A script that is one function and nothing else is a module that a loader wrapped (vite does). */
function wrapperOf({ body: [only, ...others] }: Program): AnyNode | undefined {
  return only?.type === 'ExpressionStatement' && others.length === 0 ? only.expression : undefined;
}

function isFunction(node: AnyNode) {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

function childAt(node: AnyNode, offset: number): AnyNode | undefined {
  for (const child of childNodes(node)) if (child.start <= offset && offset < child.end) return child;
  return undefined;
}
