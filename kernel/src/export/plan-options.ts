import ts from '#typescript';
import { isFilePattern } from './data-files.ts';
import { ExportError } from './export-error.ts';
import type { Choices, NotebookTypes } from './notebook-types.ts';
import type { OptionValue, ProjectOption, ReplacedLiteral } from './project-option.ts';
import type { Slice } from './slice.ts';
import { ioCalls } from './text-io.ts';
import type { Reference, Unit } from './unit.ts';

/** The options of a project, and where the notebook's code must read them. */
export interface OptionPlan {
  readonly options: readonly ProjectOption[];
  readonly literals: readonly ReplacedLiteral[];
}

/**
 * Finds what of a slice is a setting: the variables of its parameters cell, the files that it reads, and those that it
 * writes.
 *
 * @param taken Names that no option may have, as the code uses them.
 * @throws {ExportError} if a parameter's value is not written out.
 */
export function planOptions(
  slice: Slice,
  context: {
    readonly directory: string;
    readonly references: ReadonlyMap<Unit, readonly Reference[]>;
    readonly types: NotebookTypes;
    readonly taken: ReadonlySet<string>;
  },
): OptionPlan {
  const { references, directory, types } = context;
  const options = new Map<string, ProjectOption>();
  const textParameters = new Set<string>();
  const texts: { readonly unit: Unit; readonly node: ts.Expression; readonly kind: 'read' | 'write' }[] = [];
  for (const unit of slice.units) {
    for (const { kind, call } of ioCalls(unit, references)) {
      const [first] = call.arguments;
      if (first === undefined) continue;
      if (valueOf(first) !== undefined) texts.push({ unit, node: first, kind });
      else if (kind === 'read' && ts.isIdentifier(first)) textParameters.add(first.text);
    }
  }
  for (const unit of slice.parameters) {
    const option = parameterOption(unit, types);
    const isText = textParameters.has(option.name);
    const isFile = isText || (typeof option.value === 'string' && isFilePattern(option.value, directory));
    options.set(option.name, isFile ? { ...option, path: { kind: 'input', isText } } : option);
  }

  const literals: ReplacedLiteral[] = [];
  const known = new Map<string, string>();
  const add = (
    unit: Unit,
    node: ts.Expression,
    option: Pick<ProjectOption, 'path' | 'description'>,
    base: string,
  ) => {
    const value = valueOf(node);
    if (value === undefined || option.path === undefined) return;
    const key = JSON.stringify([option.path.kind, value]);
    let name = known.get(key);
    if (name === undefined) {
      name = freshName(base, (text) => context.taken.has(text) || options.has(text));
      known.set(key, name);
      options.set(name, { name, type: 'string', isList: Array.isArray(value), value, ...option });
    }
    literals.push({ unit, node, option: name });
  };
  const reads = new Set(
    texts.filter(({ kind }) => kind === 'read').map(({ node }) => JSON.stringify(valueOf(node))),
  );
  for (const { unit, node, kind } of texts) {
    const owner = unit.names[0]?.text;
    if (kind === 'read') {
      const base = reads.size === 1 || owner === undefined ? 'input' : `${owner}Input`;
      add(unit, node, { description: 'Text files to read.', path: { kind: 'input', isText: true } }, base);
    } else {
      const value = valueOf(node);
      const stem = stemOf(typeof value === 'string' ? value : 'output');
      add(
        unit,
        node,
        { description: 'Where to write.', path: { kind: 'output', isText: true } },
        `${stem}Output`,
      );
    }
  }
  const handled = new Set(texts.map(({ node }) => node));
  for (const unit of slice.units) {
    for (const node of fileLiterals(unit, directory, handled)) {
      const description = `A file that the pipeline reads while it is built.`;
      add(unit, node, { description, path: { kind: 'input', isText: false } }, `${stemOf(node.text)}File`);
    }
  }
  return { options: [...options.values()], literals };
}

/** A parameter as an option; its description is the comment before or behind it. */
function parameterOption(unit: Unit, types: NotebookTypes): ProjectOption {
  const [identifier] = unit.names;
  const { node } = unit;
  if (identifier === undefined || !ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) {
    throw notWrittenOut(unit);
  }
  const name = identifier.text;
  const description = commentOf(unit);
  const listed = types.choicesOf(unit, name);
  const choices = choicesOf(node.type) ?? listed?.values;
  if (node.initializer === undefined || node.initializer.getText() === 'undefined') {
    const type = listed === undefined ? annotatedType(node.type) : typeOfChoices(listed);
    if (type === undefined) throw notWrittenOut(unit);
    return { name, ...type, value: undefined, description, ...(choices && { choices }) };
  }
  const value = valueOf(node.initializer);
  if (value === undefined) throw notWrittenOut(unit);
  const sample: unknown = Array.isArray(value) ? value[0] : value;
  const annotated = listed === undefined ? annotatedType(node.type) : typeOfChoices(listed);
  const type = sample === undefined ? (annotated?.type ?? 'string') : typeof sample;
  return {
    name,
    type: type as ProjectOption['type'], // valueOf gives these three only
    isList: Array.isArray(value),
    value,
    description,
    ...(choices && { choices }),
  };
}

function notWrittenOut({ cell, node, names }: Unit): ExportError {
  const name = names[0]?.text ?? node.getText();
  return new ExportError(
    `Cannot export the parameter "${name}" as its value must be written out: received ${shortened(node.getText())} in cell ${cell.number}`,
    'A parameter is a string, a number, a boolean, or an array of strings or numbers; make other values of it in another cell',
  );
}

/** The value that an expression writes out; undefined for any other expression. */
export function valueOf(node: ts.Expression): OptionValue | undefined {
  const inner = ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? node.expression : node;
  if (ts.isStringLiteralLike(inner)) return inner.text;
  if (inner.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (inner.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isNumericLiteral(inner)) return Number(inner.text.replaceAll('_', ''));
  if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.MinusToken) {
    const value = valueOf(inner.operand);
    return typeof value === 'number' ? -value : undefined;
  }
  if (!ts.isArrayLiteralExpression(inner)) return undefined;
  const values = inner.elements.map((element) => valueOf(element));
  if (values.every((value) => typeof value === 'string')) return values;
  return values.every((value) => typeof value === 'number') ? values : undefined;
}

function typeOfChoices({ values, isList }: Choices): Pick<ProjectOption, 'type' | 'isList'> {
  return { type: typeof values[0] === 'number' ? 'number' : 'string', isList };
}

/** The texts that an annotation lists, in its own order. */
function choicesOf(type: ts.TypeNode | undefined): readonly string[] | undefined {
  if (type === undefined || !ts.isUnionTypeNode(type)) return undefined;
  const texts = type.types.map((part) =>
    ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? part.literal.text : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function annotatedType(type: ts.TypeNode | undefined): Pick<ProjectOption, 'type' | 'isList'> | undefined {
  const text = (type?.getText() ?? '').replace(/\s*\|\s*undefined\s*$/, '');
  if (/^'.*'$/.test(text)) return { type: 'string', isList: false };
  const [, name, list] = /^(?:readonly )?(string|number|boolean)(\[\])?$/.exec(text) ?? [];
  return name === undefined ? undefined : { type: name as ProjectOption['type'], isList: list !== undefined };
}

/** Literals that name a file that is there, outside of functions: what the pipeline is made of. */
function fileLiterals(
  unit: Unit,
  directory: string,
  handled: ReadonlySet<ts.Node>,
): readonly ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node): void => {
    if (handled.has(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return;
    if (ts.isStringLiteralLike(node) && isFilePattern(node.text, directory)) found.push(node);
    ts.forEachChild(node, visit);
  };
  if (unit.kind !== 'import' && unit.kind !== 'type') visit(unit.node);
  return found;
}

/** The comment above a parameter, or at the end of its line. */
function commentOf({ statement, cell: { source } }: Unit): string {
  const ranges = [
    ...(ts.getLeadingCommentRanges(source, statement.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(source, statement.getEnd()) ?? []),
  ];
  const text = ranges
    .map(({ pos, end }) => source.slice(pos, end))
    .map((comment) => comment.replace(/^\/\*+|\*+\/$/g, '').replace(/^[ \t]*(\/\/|\*)[ \t]?/gm, ''))
    .join(' ');
  return text.replace(/\s+/g, ' ').trim();
}

function stemOf(file: string): string {
  const base = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]*$/, '');
  const stem = base.normalize('NFD').replace(/\p{M}/gu, ''); // flags are typed: "été" is "ete"
  const words = stem.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  return /^[A-Za-z]/.test(name) ? name : `data${upperFirst(name)}`;
}

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function freshName(base: string, isTaken: (name: string) => boolean): string {
  let name = base;
  for (let count = 2; isTaken(name); count++) name = `${base}${count}`;
  return name;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
