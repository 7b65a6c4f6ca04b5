import type { AnyNode, Class } from 'acorn';
import { childNodes } from './lexical-scope.ts';
import { isHarmless, parseClass } from './ship-class.ts';
import type { ClassPlan, FunctionPlan } from './ship-node.ts';
import { applyEdits, type Edit, type MarkedText } from './text-edits.ts';

/** How a function is written. */
export interface WriteFunctionOptions {
  /** The variable that holds it. */
  readonly variable: string;
  /** What its own edits came to. */
  readonly edits: readonly Edit[];
  /** Code for the flag that tells constructors that an instance is made again. */
  readonly restoring: () => string;
  /** A name that the text does not hold. */
  readonly given: string;
}

/** The declaration of a function or class, with all that must follow it, as code. */
export function writeFunction(plan: FunctionPlan, options: WriteFunctionOptions): MarkedText {
  const { variable } = options;
  const edits = [...options.edits];
  const [before, after]: [string[], string[]] = [[], nameFix(plan, variable)];
  if (plan.classPlan !== undefined) {
    const parts = new ClassText(plan, plan.classPlan, options);
    edits.push(...parts.edits);
    before.push(...parts.before);
    after.push(...parts.after);
  }
  const { form } = plan.parsed;
  const key = form === 'expression' ? undefined : plan.name.replace(/^(get|set) /, '');
  if (key !== undefined) edits.push(keyEdit(plan, key));
  const { code, marks } = applyEdits(plan.text, edits, placesOf(plan));
  const [start, end] = wrapper(plan, key);
  const head = [...before, `const ${variable} = ${start}`].join('\n');
  return {
    code: [`${head}${code}${end};`, ...after].join('\n'),
    marks: marks.map(({ at, from }) => ({ at: at + head.length, from })),
  };
}

/** Where V8 may say that an error was: the starts of all parts. */
function placesOf({ parsed }: FunctionPlan): number[] {
  const places: number[] = [];
  const visit = (node: AnyNode) => {
    places.push(node.start - parsed.offset);
    for (const child of childNodes(node)) visit(child);
  };
  visit(parsed.node);
  return places;
}

/** What a class gets so that its private fields can be set from outside, and instances be made again. */
class ClassText {
  readonly edits: Edit[] = [];
  readonly before: string[] = [];
  readonly after: string[] = [];
  readonly #options: WriteFunctionOptions;
  readonly #offset: number;

  constructor(plan: FunctionPlan, classPlan: ClassPlan, options: WriteFunctionOptions) {
    this.#options = options;
    const parsed = parseClass(plan.text);
    this.#offset = parsed?.offset ?? 0;
    if (parsed === undefined) return;
    const { node } = parsed;
    const { isRestorable, privateFields, privateStatics } = classPlan;
    const { variable } = options;
    const blocks: string[] = [];
    if (privateStatics.length > 0) {
      const names = privateStatics.map(({ name }) => name);
      this.before.push(`let ${variable}_statics;`);
      blocks.push(`${variable}_statics = (v) => { ${assignments('this', names)} };`);
    }
    if (isRestorable) {
      this.before.push(`let ${variable}_fields;`);
      blocks.push(`${variable}_fields = (o, v) => { ${assignments('o', privateFields)} };`);
      this.#guard(node);
    }
    if (blocks.length > 0) this.#insert(node.end - 1, ` static { ${blocks.join(' ')} } `);
  }

  #insert(at: number, text: string): void {
    this.edits.push({ start: at - this.#offset, end: at - this.#offset, text });
  }

  /** Neither initialisers nor the constructor run when an instance is made again. */
  #guard(node: Class): void {
    const flag = this.#options.restoring();
    for (const member of node.body.body) {
      if (
        member.type === 'PropertyDefinition' &&
        !member.static &&
        member.value &&
        !isHarmless(member.value)
      ) {
        this.#insert(member.value.start, `${flag} ? undefined : (`);
        this.#insert(member.value.end, ')');
      }
      if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
      const { params, body } = member.value;
      const guard = `if (${flag}) {${node.superClass ? ' super();' : ''} return; }`;
      const [first, last] = [params[0], params.at(-1)];
      if (first === undefined || last === undefined || params.every(({ type }) => type === 'Identifier')) {
        this.#insert(body.start + 1, ` ${guard}`);
        continue;
      }
      // The parameters are taken apart after the guard, by the same rules.
      const { given, variable } = this.#options;
      this.#insert(first.start, `...${given}) { ${guard} var [`);
      const [start, end] = [last.end - this.#offset, body.start + 1 - this.#offset];
      this.edits.push({ start, end, text: `] = ${given};` });
      const length = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
      const value = length < 0 ? params.length : length;
      this.after.push(
        `Object.defineProperty(${variable}, "length", { value: ${value}, configurable: true });`,
      );
    }
  }
}

function assignments(target: string, names: readonly string[]): string {
  return names.map((name, at) => `${target}.${name} = v[${at}];`).join(' ');
}

/** A method's key becomes its name, wherever it came from. */
function keyEdit({ parsed }: FunctionPlan, key: string): Edit {
  const { node, offset } = parsed;
  if (node.type !== 'Property' && node.type !== 'MethodDefinition') {
    throw new TypeError(`Cannot write a method as it must be one: received ${node.type}`);
  }
  const computed = node.computed ? 1 : 0;
  // Between the brackets of a computed key there may be spaces and comments.
  const start = node.computed ? undefined : node.key.start - offset;
  return {
    start: start ?? node.key.start - offset - computed,
    end: node.key.end - offset + computed,
    text: JSON.stringify(key),
  };
}

/** What stands around a function's text, so that the expression is the function under its own name. */
function wrapper(plan: FunctionPlan, key: string | undefined): readonly [start: string, end: string] {
  const { node } = plan.parsed;
  if (key !== undefined) {
    const member = JSON.stringify(key);
    const kind = node.type === 'Property' || node.type === 'MethodDefinition' ? node.kind : 'init';
    return kind === 'get' || kind === 'set'
      ? ['Object.getOwnPropertyDescriptor({ ', ` }, ${member}).${kind}`]
      : ['({ ', ` })[${member}]`];
  }
  if (ownName(plan) !== undefined) return ['(', ')'];
  const name = JSON.stringify(plan.name === '__proto__' ? '' : plan.name);
  return [`({ ${name}: `, ` })[${name}]`];
}

/** The name that a function or class has in its own text. */
function ownName({ parsed: { node } }: FunctionPlan): string | undefined {
  if (node.type !== 'FunctionExpression' && node.type !== 'ClassExpression') return undefined;
  return node.id?.name;
}

/** Sets a function's name where its text does not give it. */
function nameFix(plan: FunctionPlan, variable: string): string[] {
  const inferred = plan.name === '__proto__' && plan.parsed.form === 'expression' ? '' : plan.name;
  if ((ownName(plan) ?? inferred) === plan.name) return [];
  return [
    `Object.defineProperty(${variable}, "name", { value: ${JSON.stringify(plan.name)}, configurable: true });`,
  ];
}
