import { formatDiagnostics, type CellDiagnostic } from './cell-diagnostic.ts';
import { proposalsToCompletion, type Completion } from './completion.ts';
import { outline, parseCell, parseFaults } from './declared-names.ts';
import { describe, type Inspection } from './inspection.ts';
import { isComplete, type Completeness } from './is-complete.ts';
import type { Fault, Language } from './language.ts';
import { NamesTable, type VirtualCell } from './names-table.ts';
import { refusals, refuseJsx } from './refusals.ts';

/** A cell that may run. */
export interface PreparedCell {
  readonly kind: 'ready';
  /** A script whose completion value is `async (cells, wait, load) => { … }`. */
  readonly code: string;
  /** From `code` to the cell, version 3; JSON. */
  readonly sourceMap: string;
  /** What it declares at its top level: members of `cells`. */
  readonly names: readonly string[];
}

/** A cell that must not run. */
export interface RefusedCell {
  readonly kind: 'refused';
  readonly errors: readonly CellDiagnostic[];
  /** All errors as a compiler prints them, with the place underlined. */
  readonly text: string;
}

/** A cell that was committed, for another service to take over. */
export interface CommittedCell {
  /** Counts the commits of a notebook. */
  readonly serial: number;
  readonly id: number;
  readonly code: string;
  readonly names: readonly string[];
  readonly defined: readonly string[];
  /** What other cells import instead of it; undefined if they must import the cell itself. */
  readonly declarations: string | undefined;
}

/** A prepared cell with what its commit needs. */
export interface Preparation {
  readonly result: PreparedCell | RefusedCell;
  readonly declarations: string | undefined;
}

interface KeptCell {
  readonly serial: number;
  /** The cells that it refers to. */
  readonly uses: ReadonlySet<string>;
  readonly isAugmenting: boolean;
}

interface Pending {
  readonly id: number;
  readonly cell: VirtualCell;
}

/**
 * The cells of one notebook: each is checked alone, with the names of those that ran before.
 *
 * Cells that nothing refers to any more are forgotten, so that a long session stays small.
 */
export class CellService {
  readonly #language: Language;
  readonly #names = new NamesTable();
  readonly #cells = new Map<string, KeptCell>();
  #pending: Pending | undefined;
  #count = 0;

  constructor(language: Language) {
    this.#language = language;
  }

  /** Checks and rewrites a cell, unless it has faults. Nothing of it is known to others before `commit`. */
  prepare({ id, code }: { readonly id: number; readonly code: string }): Preparation {
    this.#pending = undefined;
    const cell = this.#open(code);
    const faults = this.#faults(code, cell);
    if (faults.length > 0) return { result: refused(faults, { id, code }), declarations: undefined };
    const { declarations, ...emitted } = this.#language.emit(`cell ${id}`);
    this.#pending = { id, cell };
    return { result: { kind: 'ready', ...emitted }, declarations };
  }

  /**
   * A cell ran, wholly or until it threw: what it declared is known from now on. It is the one prepared last, or one
   * that another service had prepared.
   *
   * @returns The serial numbers of the cells that are still referred to.
   */
  commit({ serial, id, code, names, defined, declarations }: CommittedCell): readonly number[] {
    const cell = this.#pending?.id === id ? this.#pending.cell : this.#open(code);
    this.#pending = undefined;
    this.#count += 1;
    const { isAugmenting } = cell.outline;
    const isDeclaration = declarations !== undefined && !isAugmenting;
    const text = isDeclaration ? declarations : cell.text;
    this.#cells.set(cell.specifier, { serial, isAugmenting, uses: importedCells(text) });
    this.#language.add(cell.specifier, text, { isAugmenting, isDeclaration });
    // Types are there as soon as the cell is; values once they were assigned.
    this.#names.learn(cell, (name) => !names.includes(name) || defined.includes(name));
    this.#forgetUnused();
    return [...this.#cells.values()].map((kept) => kept.serial);
  }

  /** What can stand at `cursor`. */
  complete(code: string, cursor: number): Completion {
    const word = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))?.[0] ?? '';
    const cell = this.#open(code, (name) => name.startsWith(word));
    return proposalsToCompletion(this.#language.complete(cell.start + cursor), {
      offset: cell.start,
      cursor,
    });
  }

  /** What stands at `cursor`, or before it, or the function whose arguments it is among. */
  inspect(code: string, cursor: number, detail: 0 | 1): Inspection | undefined {
    const { start } = this.#open(code);
    const isWord = (at: number) => /[\p{ID_Continue}$#]/u.test(code.charAt(at));
    const language = this.#language;
    const found =
      (isWord(cursor) ? language.hover(start + cursor) : undefined) ??
      (isWord(cursor - 1) ? language.hover(start + cursor - 1) : undefined) ??
      language.signature(start + cursor) ??
      (isWord(cursor - 2) ? language.hover(start + cursor - 2) : undefined);
    return found && describe(found, detail);
  }

  /** Whether `code` could be run as it is. */
  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  /**
   * Does, step by step, what the first cells of most notebooks ask for: reads the libraries and their types. Each step
   * is short of what its part of a first cell would take.
   */
  *warmUp(): Generator<void, void> {
    for (const code of ['[1].map((n) => n + 1)', "import 'millrace'; import 'millrace/interactive';"]) {
      this.#open(code);
      yield;
      if (this.#language.check().length === 0) this.#language.emit('warm-up');
      yield;
    }
    this.complete('[1].', 4);
  }

  #open(code: string, alsoKnown?: (name: string) => boolean): VirtualCell {
    const specifier = `./cell ${this.#count + 1}.mts`;
    const cell = this.#names.write(specifier, code, outline(parseCell(code)), alsoKnown);
    this.#language.open(cell);
    return cell;
  }

  #faults(code: string, cell: VirtualCell): readonly Fault[] {
    // By itself, without what stands before and after it: an open bracket would swallow that.
    const sourceFile = parseCell(code);
    const syntax = parseFaults(sourceFile);
    if (syntax.length > 0) {
      const jsx = refuseJsx(code);
      return jsx === undefined ? syntax : [jsx];
    }
    const own = refusals(sourceFile, cell.outline);
    if (own.length > 0) return own;
    return this.#language.check().map((fault) => ({
      ...fault,
      start: clamp(fault.start - cell.start, code.length),
      end: clamp(fault.end - cell.start, code.length),
    }));
  }

  #forgetUnused(): void {
    const used = new Set<string>();
    const follow = (specifier: string) => {
      const cell = this.#cells.get(specifier);
      if (cell === undefined || used.has(specifier)) return;
      used.add(specifier);
      cell.uses.forEach(follow);
    };
    this.#names.specifiers.forEach(follow);
    for (const [specifier, cell] of this.#cells) if (cell.isAugmenting) follow(specifier);
    for (const specifier of this.#cells.keys()) {
      if (used.has(specifier)) continue;
      this.#cells.delete(specifier);
      this.#language.remove(specifier);
    }
  }
}

/** The cells that a virtual file imports. */
function importedCells(text: string): ReadonlySet<string> {
  return new Set(text.match(/\.\/cell \d+\.mts/g));
}

function refused(faults: readonly Fault[], { id, code }: { id: number; code: string }): RefusedCell {
  const starts = lineStarts(code);
  const errors = faults.map((fault) => {
    const from = place(starts, fault.start);
    const to = place(starts, fault.end);
    return {
      message: withHint(fault),
      code: fault.code,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
    };
  });
  return { kind: 'refused', errors, text: formatDiagnostics(errors, { name: `cell ${id}`, code }) };
}

const MODULE_NOT_FOUND = 2307;

/** A missing package is the most frequent fault, and the one that most readers know no way out of. */
function withHint({ code, message }: Fault): string {
  if (code !== MODULE_NOT_FOUND) return message;
  const name = /^Cannot find module '([^']+)'/.exec(message)?.[1];
  if (name === undefined || /^[./]|^node:/.test(name)) return message;
  const [scope, rest] = name.split('/');
  const wanted = name.startsWith('@') && rest !== undefined ? `${scope}/${rest}` : scope;
  return `${message}\nRun \`npm install ${wanted}\` in the notebook's folder, then run the cell again.`;
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length));
}

function lineStarts(code: string): readonly number[] {
  return [
    0,
    ...[...code.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map(({ index, 0: end }) => index + end.length),
  ];
}

function place(
  starts: readonly number[],
  offset: number,
): { readonly line: number; readonly column: number } {
  const index = starts.findLastIndex((start) => start <= offset);
  return { line: index + 1, column: offset - (starts[index] ?? 0) + 1 };
}
