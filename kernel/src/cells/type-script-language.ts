import ts from '#typescript';
import { ambientDeclarations } from './ambient.ts';
import { compilerOptions } from './compiler-options.ts';
import { emitCell } from './emit-cell.ts';
import { declarationsOf, LanguageHost, type LanguagePlaces } from './language-host.ts';
import type { AddOptions, CellText, Description, Emitted, Fault, Language, Proposal } from './language.ts';

const CURRENT = './this cell.mts';
const AMBIENT = './ambient.d.mts';
/** Signatures are for the first proposals, and for as many as this time allows: each asks the checker for a type. */
const SIGNATURES = 24;
const SIGNATURES_MS = 3;

/**
 * Faults that make no sense in a notebook.
 *
 * 7016: a package without types is `any`. 7005, 7034: `let x;` gets its value, and type, in a later cell.
 */
const TOLERATED = new Set([7005, 7016, 7034]);

/** TypeScript's LanguageService over the cells of one notebook. */
export class TypeScriptLanguage implements Language {
  readonly #host: LanguageHost;
  readonly #service: ts.LanguageService;
  readonly #directory: string;
  readonly #signaturesMs: number;
  #cell: CellText = { text: '', start: 0, end: 0 };

  /** @param signaturesMs How long completion looks for the proposals' types, in milliseconds. */
  constructor(options: LanguagePlaces, signaturesMs = SIGNATURES_MS) {
    this.#signaturesMs = signaturesMs;
    const places = {
      directory: slashes(options.directory),
      kernelFile: slashes(options.kernelFile),
      displayApi: slashes(options.displayApi),
    };
    this.#directory = places.directory;
    this.#host = new LanguageHost(places, compilerOptions(places.directory));
    this.#host.write(AMBIENT, ambientDeclarations(places.displayApi), { isRoot: true });
    this.#host.write(CURRENT, '', { isRoot: true });
    this.#service = ts.createLanguageService(this.#host);
  }

  open(cell: CellText): void {
    this.#cell = cell;
    this.#host.write(CURRENT, cell.text, { isRoot: true });
    this.#host.look(() => this.#service.getProgram());
  }

  add(specifier: string, text: string, { isAugmenting, isDeclaration }: AddOptions): void {
    const name = isDeclaration ? declarationsOf(specifier) : specifier;
    this.#host.write(name, text, { isRoot: isAugmenting });
  }

  remove(specifier: string): void {
    this.#host.remove(specifier);
    this.#host.remove(declarationsOf(specifier));
  }

  check(): readonly Fault[] {
    const program = this.#program;
    const sourceFile = program.getSourceFile(this.#current);
    const syntactic = program.getSyntacticDiagnostics(sourceFile);
    const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(sourceFile);
    return found
      .filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !TOLERATED.has(code))
      .map((diagnostic) => this.#fault(diagnostic))
      .filter(({ start, end }) => end >= this.#cell.start && start <= this.#cell.end)
      .sort((a, b) => a.start - b.start);
  }

  emit(sourceName: string): Emitted {
    const program = this.#program;
    const sourceFile = program.getSourceFile(this.#current);
    if (sourceFile === undefined) throw new TypeError('Cannot emit a cell as it must be open: received none');
    return emitCell(program, sourceFile, { cell: this.#cell, sourceName, directory: this.#directory });
  }

  complete(offset: number): readonly Proposal[] {
    const file = this.#current;
    const info = this.#service.getCompletionsAtPosition(file, offset, {
      includeCompletionsWithInsertText: false,
      includeCompletionsForModuleExports: false,
      includeCompletionsWithSnippetText: false,
      includeSymbol: true,
    });
    if (info === undefined) return [];
    const { text } = this.#cell;
    let start = offset;
    while (start > this.#cell.start && isWordPart(text.charAt(start - 1))) start -= 1;
    const proposals = info.entries
      .map((entry) => {
        const span = entry.replacementSpan ?? info.optionalReplacementSpan;
        // A span may reach past the cursor, to the end of the word; it never starts after it.
        const from = span === undefined || entry.replacementSpan === undefined ? start : span.start;
        const to =
          entry.replacementSpan === undefined
            ? offset
            : span === undefined
              ? offset
              : span.start + span.length;
        return { entry, from, to: Math.max(to, offset) };
      })
      .filter(({ entry, from }) => matches(entry.name, text.slice(from, offset)));
    const exact = proposals.filter(({ entry, from }) => entry.name.startsWith(text.slice(from, offset)));
    const chosen = exact.length > 0 ? exact : proposals;
    const kinds = new Map(chosen.map(({ entry }) => [entry, this.#kindOf(entry)]));
    const rank = (entry: ts.CompletionEntry) => (CALLED.has(kinds.get(entry) ?? '') ? 0 : 1);
    chosen.sort(
      ({ entry: a }, { entry: b }) =>
        compare(a.sortText, b.sortText) || rank(a) - rank(b) || compareNames(a.name, b.name),
    );
    const until = performance.now() + this.#signaturesMs;
    return chosen.map(({ entry, from, to }, at) => {
      const isAsked = at < SIGNATURES && !isWord(entry.kind) && performance.now() < until;
      const signature = isAsked ? this.#signatureOf(entry) : undefined;
      return {
        text: entry.name,
        kind: kinds.get(entry) ?? entry.kind,
        start: from,
        end: to,
        ...(signature !== undefined && { signature }),
      };
    });
  }

  hover(offset: number): Description | undefined {
    const info = this.#service.getQuickInfoAtPosition(this.#current, offset);
    if (info === undefined) return undefined;
    return {
      // That a name came here by an import, from another cell as a rule, is of no interest.
      signature: this.#clean(ts.displayPartsToString(info.displayParts))
        .replace(/^\(alias\) /, '')
        .replace(/\n(import|export) .*$/, ''),
      documentation: ts.displayPartsToString(info.documentation),
      tags: tagsOf(info.tags),
    };
  }

  signature(offset: number): Description | undefined {
    const help = this.#service.getSignatureHelpItems(this.#current, offset, undefined);
    const item = help?.items[help.selectedItemIndex];
    if (item === undefined) return undefined;
    const parameters = item.parameters.map(({ displayParts }) => ts.displayPartsToString(displayParts));
    const signature = [
      ts.displayPartsToString(item.prefixDisplayParts),
      parameters.join(ts.displayPartsToString(item.separatorDisplayParts)),
      ts.displayPartsToString(item.suffixDisplayParts),
    ].join('');
    return {
      signature: this.#clean(signature),
      documentation: ts.displayPartsToString(item.documentation),
      tags: tagsOf(item.tags),
    };
  }

  get #current(): string {
    return this.#host.pathOf(CURRENT);
  }

  get #program(): ts.Program {
    const program = this.#service.getProgram();
    if (program === undefined)
      throw new TypeError('Cannot read the program as the service must be open: received none');
    return program;
  }

  #fault({ messageText, code, start, length }: ts.Diagnostic): Fault {
    const from = start ?? this.#cell.start;
    return {
      message: this.#clean(ts.flattenDiagnosticMessageText(messageText, '\n')),
      code,
      start: from,
      end: from + (length ?? 0),
    };
  }

  /** The type of what an entry stands for; cheaper by far than the service's own details of it. */
  /** What a name is that a module exports from another one, else as TypeScript says. */
  #kindOf({ kind, symbol }: ts.CompletionEntry): string {
    if (kind !== ts.ScriptElementKind.alias || symbol === undefined) return kind;
    if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return kind;
    const { flags } = this.#program.getTypeChecker().getAliasedSymbol(symbol);
    return ALIASED.find(([flag]) => (flags & flag) !== 0)?.[1] ?? kind;
  }

  #signatureOf({ symbol }: ts.CompletionEntry): string | undefined {
    const program = this.#program;
    const sourceFile = program.getSourceFile(this.#current);
    if (symbol === undefined || sourceFile === undefined) return undefined;
    const checker = program.getTypeChecker();
    const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
    if ((target.flags & ts.SymbolFlags.Value) === 0) return undefined;
    const type = checker.getTypeOfSymbolAtLocation(target, sourceFile);
    return this.#clean(checker.typeToString(type, sourceFile));
  }

  /** Takes out the virtual files' paths, which mean nothing to the user. */
  #clean(text: string): string {
    return text.replaceAll(`import("${this.#directory}/`, 'import("').replaceAll(VIRTUAL_IMPORT, '');
  }
}

const VIRTUAL_IMPORT = /import\("(?:this cell|cell \d+)(?:\.mjs|\.mts)?"\)\./g;

/** What a symbol may be, in the order to ask, in TypeScript's words. */
const ALIASED: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
];

/** Kinds of what one calls: proposed before values and classes, so that `beam.` begins with transforms. */
const CALLED: ReadonlySet<string> = new Set(['function', 'local function', 'method']);

/** Upper and lower case are alike. */
function compareNames(a: string, b: string): number {
  return compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b);
}

function tagsOf(tags: readonly ts.JSDocTagInfo[] | undefined): readonly string[] {
  return (tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`.trim());
}

function isWord(kind: ts.ScriptElementKind): boolean {
  return kind === ts.ScriptElementKind.keyword || kind === ts.ScriptElementKind.string;
}

function isWordPart(character: string): boolean {
  return /[\p{ID_Continue}$#\u200c\u200d]/u.test(character);
}

function matches(name: string, prefix: string): boolean {
  return name.toLowerCase().startsWith(prefix.toLowerCase());
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function slashes(name: string): string {
  return name.replaceAll('\\', '/');
}
