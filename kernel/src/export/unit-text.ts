import ts from '#typescript';
import type { Reference, Unit } from './unit.ts';

/** A part of a cell's source that is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The names that units have in the text that is written, where the notebook uses a name twice. */
export class FinalNames {
  readonly #names = new Map<string, string>();

  /** The last unit of a name keeps it; earlier ones, of other cells, get the number of their cell. */
  constructor(units: readonly Unit[], taken: ReadonlySet<string>) {
    const used = new Set(taken);
    const cells = new Map<string, Unit[]>();
    for (const unit of units) {
      for (const { text } of unit.names) cells.set(text, [...(cells.get(text) ?? []), unit]);
    }
    for (const [name, declaring] of cells) {
      const last = declaring.at(-1);
      for (const unit of declaring) {
        if (identity(unit) === (last && identity(last)) || this.#names.has(key(unit, name))) continue;
        let fresh = `${name}${unit.cell.number}`;
        while (used.has(fresh)) fresh += '_';
        used.add(fresh);
        this.#names.set(key(unit, name), fresh);
      }
    }
  }

  /** What `unit`'s name is called. */
  of(unit: Unit, name: string): string {
    return this.#names.get(key(unit, name)) ?? name;
  }

  /** Where the text of `unit` must change so that it declares, and reads, the final names. */
  edits(unit: Unit, references: readonly Reference[]): readonly Edit[] {
    const edits: Edit[] = [];
    for (const identifier of unit.names) {
      const name = this.of(unit, identifier.text);
      if (name !== identifier.text) edits.push(replaceName(identifier, name));
    }
    for (const { identifier, targets } of references) {
      const [target] = targets;
      const name = target === undefined ? identifier.text : this.of(target, identifier.text);
      if (name !== identifier.text) edits.push(replaceName(identifier, name));
    }
    return edits;
  }
}

const key = (unit: Unit, name: string): string => `${unit.cell.number} ${name}`;

/** Imports of the same thing are one, wherever they stand; so is what one cell declares under one name. */
function identity({ cell, imported }: Unit): string {
  return imported === undefined ? `${cell.number}` : `${imported.specifier} ${imported.imported}`;
}

/** Puts `text` where an identifier stands; `{ a }` becomes `{ a: text }`. */
export function replaceName(identifier: ts.Identifier, text: string): Edit {
  const { parent } = identifier;
  const isShort =
    (ts.isShorthandPropertyAssignment(parent) && parent.name === identifier) ||
    (ts.isBindingElement(parent) &&
      parent.name === identifier &&
      parent.propertyName === undefined &&
      parent.dotDotDotToken === undefined &&
      ts.isObjectBindingPattern(parent.parent));
  const end = identifier.getEnd();
  return { start: identifier.getStart(), end, text: isShort ? `${identifier.text}: ${text}` : text };
}

/** The text of a unit as a statement of its own, with the comments before it and behind it. */
export function unitText(unit: Unit, edits: readonly Edit[] = []): string {
  const { statement, node } = unit;
  const { source } = unit.cell;
  const comments = ts.getLeadingCommentRanges(source, statement.getFullStart()) ?? [];
  const isFirst = !ts.isVariableStatement(statement) || statement.declarationList.declarations[0] === node;
  const before =
    isFirst && comments[0] !== undefined ? source.slice(comments[0].pos, statement.getStart()) : '';
  const behind = (ts.getTrailingCommentRanges(source, statement.getEnd()) ?? [])
    .map(({ pos, end }) => ` ${source.slice(pos, end)}`)
    .join('');
  const removed = exportKeywords(statement);
  if (node === statement || !ts.isVariableStatement(statement)) {
    return before + edited(source, statement.getStart(), statement.getEnd(), [...edits, ...removed]) + behind;
  }
  const { declarations } = statement.declarationList;
  if (declarations.length === 1) {
    return before + edited(source, statement.getStart(), statement.getEnd(), [...edits, ...removed]) + behind;
  }
  const flags = statement.declarationList.flags;
  const keyword =
    (flags & ts.NodeFlags.Const) !== 0 ? 'const' : (flags & ts.NodeFlags.Let) !== 0 ? 'let' : 'var';
  const isLast = declarations.at(-1) === node;
  return `${before}${keyword} ${edited(source, node.getStart(), node.getEnd(), edits)};${isLast ? behind : ''}`;
}

/** `source` from `start` to `end`, with the edits that lie in it. */
export function edited(source: string, start: number, end: number, edits: readonly Edit[]): string {
  const inside = edits
    .filter((edit) => edit.start >= start && edit.end <= end)
    .sort((a, b) => a.start - b.start);
  let text = '';
  let at = start;
  for (const edit of inside) {
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at, end);
}

function exportKeywords(statement: ts.Statement): readonly Edit[] {
  if (!ts.canHaveModifiers(statement)) return [];
  return (ts.getModifiers(statement) ?? [])
    .filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
    .map((modifier) => {
      const start = modifier.getStart();
      const { text } = modifier.getSourceFile();
      return {
        start,
        end: modifier.getEnd() + (/^\s*/.exec(text.slice(modifier.getEnd()))?.[0].length ?? 0),
        text: '',
      };
    });
}
