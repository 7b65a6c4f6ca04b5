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
    const { node } = parseFunction(text);
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

/** A function's or a class's syntax tree. */
export interface ParsedFunction {
  readonly node: AnyNode;
  /** Where the text starts in what was parsed: positions of nodes are this much too big. */
  readonly offset: number;
  /** An expression; or a method or an accessor, which stands in an object literal or, with private names, in a class. */
  readonly form: 'expression' | 'property' | 'classMember';
}

/**
 * Parses the function or class in `text`, wherever in a program it stood: alone, in an object literal or in a class.
 *
 * @throws {Refusal} if it cannot be parsed.
 */
export function parseFunction(text: string): ParsedFunction {
  for (const sourceType of ['script', 'module'] as const) {
    const expression = expressionOf(`(${text}\n)`, sourceType);
    if (expression !== undefined) return { node: expression, offset: 1, form: 'expression' };
    // A method keeps its key, and whether it is a getter; one with a private name stands in classes only.
    const property = memberOf(expressionOf(`({${text}\n})`, sourceType));
    if (property !== undefined) return { node: property, offset: 2, form: 'property' };
    const member = memberOf(expressionOf(`(class {${text}\n})`, sourceType));
    if (member !== undefined) return { node: member, offset: 8, form: 'classMember' };
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
