import ts from '#typescript';
import type { Fault } from './language.ts';

/**
 * How later cells see a name.
 *
 * - `const`, `let`: a value that later cells read, and write if it is `let`.
 * - `import`: anything that can also be a type or has overloads: classes, functions, enums, interfaces, imports.
 * - `ambient`: a value that the cell only claims to exist (`declare const`), and that lives elsewhere.
 */
export type NameKind = 'const' | 'let' | 'import' | 'ambient';

/** What a cell says at its top level. */
export interface CellOutline {
  /** By name, in the order of the cell. */
  readonly declared: ReadonlyMap<string, NameKind>;
  /** Declared names that the cell itself exports. */
  readonly exported: ReadonlySet<string>;
  /** All words of the cell that could name something. */
  readonly mentions: ReadonlySet<string>;
  /** It adds to the global scope or to another module (`declare global`, `declare module "x"`). */
  readonly isAugmenting: boolean;
}

/** Parses a cell as TypeScript; never throws. */
export function parseCell(code: string, fileName = 'cell.mts'): ts.SourceFile {
  return ts.createSourceFile(fileName, code, ts.ScriptTarget.ESNext, true);
}

/** The parser's own faults, in order. */
export function parseFaults(sourceFile: ts.SourceFile): readonly Fault[] {
  // TypeScript keeps them here; its public way to them needs a whole program.
  const { parseDiagnostics } = sourceFile as unknown as {
    readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  return parseDiagnostics.map(({ messageText, code, start, length }) => ({
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    code,
    start,
    end: start + length,
  }));
}

/** Reads the top level of a cell from its syntax alone. */
export function outline(sourceFile: ts.SourceFile): CellOutline {
  const declared = new Map<string, NameKind>();
  const exported = new Set<string>();
  let isAugmenting = false;

  const declare = (name: string, kind: NameKind, node: ts.Node) => {
    // A name with two meanings (a value and a type) must be imported to keep both.
    declared.set(name, declared.has(name) && declared.get(name) !== kind ? 'import' : kind);
    if (isExported(node)) exported.add(name);
  };

  for (const statement of sourceFile.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const name of importedNames(statement)) declare(name.text, 'import', statement);
    } else if (ts.isVariableStatement(statement)) {
      const kind = isAmbient(statement) ? 'ambient' : kindOf(statement.declarationList);
      for (const name of boundNames(statement.declarationList)) declare(name.text, kind, statement);
    } else if (ts.isModuleDeclaration(statement)) {
      const isGlobal = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
      if (isGlobal || ts.isStringLiteral(statement.name)) isAugmenting = true;
      else declare(statement.name.text, 'import', statement);
    } else if (isNamedDeclaration(statement)) {
      if (statement.name !== undefined) declare(statement.name.text, 'import', statement);
    } else {
      for (const name of nestedVars(statement)) declare(name.text, 'let', statement);
    }
  }
  return { declared, exported, mentions: mentionsOf(sourceFile), isAugmenting };
}

/** The `const`s and `let`s that a pattern binds. */
export function boundNames(list: ts.VariableDeclarationList): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (name: ts.BindingName) => {
    if (ts.isIdentifier(name)) names.push(name);
    else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
  };
  for (const declaration of list.declarations) visit(declaration.name);
  return names;
}

/** The names that an import brings, types included. */
export function importedNames(statement: ts.ImportDeclaration): ts.Identifier[] {
  const clause = statement.importClause;
  if (clause === undefined) return [];
  const names = clause.name === undefined ? [] : [clause.name];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, bindings.name];
  return [...names, ...bindings.elements.map((element) => element.name)];
}

/** The names of `var` declarations inside blocks and loops, which belong to the top level too. */
export function nestedVars(statement: ts.Statement): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node) => {
    if (
      ts.isFunctionLike(node) ||
      ts.isClassLike(node) ||
      ts.isModuleDeclaration(node) ||
      ts.isExpression(node)
    )
      return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) names.push(...boundNames(node));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

/** True for `var`, false for `let`, `const`, `using` and `await using`. */
export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** True for what only claims to exist: `declare …`. */
export function isAmbient(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.DeclareKeyword);
}

/** True for what carries the keyword `export`. */
export function isExported(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.ExportKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}

function kindOf(list: ts.VariableDeclarationList): NameKind {
  return (list.flags & ts.NodeFlags.Const) !== 0 ? 'const' : 'let';
}

type NamedDeclaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ImportEqualsDeclaration;

function isNamedDeclaration(node: ts.Statement): node is NamedDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isImportEqualsDeclaration(node)
  );
}

function mentionsOf(sourceFile: ts.SourceFile): ReadonlySet<string> {
  const mentions = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) mentions.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return mentions;
}
