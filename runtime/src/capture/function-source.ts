import { parse, type AnyNode, type Options } from 'acorn';
import { canonicalSource } from './canonical-source.ts';
import { freeNames, type FreeNames } from './free-names.ts';
import { Refusal } from './refusal.ts';

/** What the source text of one function or class says. */
export interface FunctionSource {
  /** The same for two texts that differ only in formatting and comments. */
  readonly canonical: string;
  readonly free: FreeNames;
  readonly isClass: boolean;
}

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
  allowReserved: true,
};

/** Most kept analyses; a notebook has some hundred functions. */
const KEPT = 2_000;

/**
 * Analyses sources, and keeps the answers: a text has one meaning for ever.
 *
 * About 0.1 ms for a lambda never seen before.
 */
export class FunctionSources {
  readonly #known = new Map<string, FunctionSource>();

  /**
   * @param text As `Function.prototype.toString` gives it: an expression, a method, an accessor or a class.
   * @throws {Refusal} if it uses what cannot be followed, like `eval`.
   */
  analyse(text: string): FunctionSource {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const node = parseFunction(text);
    const source: FunctionSource = {
      canonical: canonicalSource(node),
      free: freeNames(node),
      isClass: node.type === 'ClassExpression',
    };
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(text, source);
    return source;
  }
}

/** The function or class in `text`, wherever in a program it stood: alone, in an object literal or in a class. */
function parseFunction(text: string): AnyNode {
  for (const sourceType of ['script', 'module'] as const) {
    // A method keeps its key, and whether it is a getter; one with a private name stands in classes only.
    const node =
      expressionOf(`(${text}\n)`, sourceType) ??
      memberOf(expressionOf(`({${text}\n})`, sourceType)) ??
      memberOf(expressionOf(`(class {${text}\n})`, sourceType));
    if (node !== undefined) return node;
  }
  throw new Refusal('has a source that cannot be parsed');
}

function expressionOf(program: string, sourceType: 'script' | 'module'): AnyNode | undefined {
  try {
    const [statement] = parse(program, { ...OPTIONS, sourceType }).body;
    return statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function memberOf(node: AnyNode | undefined): AnyNode | undefined {
  if (node?.type === 'ObjectExpression') return node.properties[0];
  return node?.type === 'ClassExpression' ? node.body.body[0] : undefined;
}
