import ts from '#typescript';
import { boundNames, importedNames, isAmbient, nestedVars, parseFaults } from '../cells/declared-names.ts';
import type { Notebook, NotebookCell } from '../notebook/nbformat.ts';
import { ExportError } from './export-error.ts';
import type { CodeCell, ImportedName, Unit, UnitKind } from './unit.ts';

/** Cells with one of these tags are no part of the pipeline. */
const LEFT_OUT = ['skip-execution', 'raises-exception'];

/** The tags of a cell. */
export function tagsOf({ metadata }: NotebookCell): ReadonlySet<string> {
  const { tags } = metadata;
  return new Set(Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []);
}

/**
 * The code cells of a notebook that could be part of its pipeline, parsed.
 *
 * Cells that are not run, or that are meant to fail, are passed over.
 *
 * @throws {ExportError} if one is of another language, or is no TypeScript.
 */
export function readCells({ cells }: Notebook): readonly CodeCell[] {
  const read: CodeCell[] = [];
  for (const [index, cell] of cells.entries()) {
    const tags = tagsOf(cell);
    if (cell.cell_type !== 'code' || cell.source.trim() === '' || LEFT_OUT.some((tag) => tags.has(tag)))
      continue;
    const number = index + 1;
    refuseOtherLanguage(cell, number);
    const { source } = cell;
    const sourceFile = ts.createSourceFile(`/cell ${number}.mts`, source, ts.ScriptTarget.ESNext, true);
    const [fault] = parseFaults(sourceFile);
    if (fault !== undefined) {
      const { line } = sourceFile.getLineAndCharacterOfPosition(fault.start);
      throw new ExportError(
        `Cannot export the notebook as every cell must be TypeScript: received, in cell ${number}, line ${line + 1}: ${fault.message}`,
        'Mend the cell, or tag it "skip-execution" to leave it out',
      );
    }
    read.push({ number, source, tags, sourceFile });
  }
  return read;
}

function refuseOtherLanguage({ source, metadata }: NotebookCell, number: number): void {
  const magic = /^\s*(%%?|!)\s*(\w+).*$/m.exec(source.split('\n').find((line) => line.trim() !== '') ?? '');
  const { vscode } = metadata;
  const language =
    typeof vscode === 'object' && vscode !== null && 'languageId' in vscode ? vscode.languageId : undefined;
  const isOther = typeof language === 'string' && !/^(typescript|javascript)$/.test(language);
  if (magic === null && !isOther) return;
  const received = magic === null ? `a cell of ${String(language)}` : `"${magic[0].trim()}"`;
  throw new ExportError(
    `Cannot export the notebook as every cell must be TypeScript: received ${received} in cell ${number}`,
    'Tag the cell "skip-execution" to leave it out',
  );
}

/** The units of all cells, in the order of the notebook. */
export function readUnits(cells: readonly CodeCell[]): readonly Unit[] {
  const units: Unit[] = [];
  for (const cell of cells) {
    const { statements } = cell.sourceFile;
    const last = statements.findLast((statement) => !ts.isEmptyStatement(statement));
    for (const statement of statements) {
      const isShown = statement === last && ts.isExpressionStatement(statement);
      for (const part of partsOf(statement))
        units.push({ cell, order: units.length, statement, isShown, ...part });
    }
  }
  return units;
}

type Part = Pick<Unit, 'kind' | 'node' | 'names'> & { readonly imported?: ImportedName };

function partsOf(statement: ts.Statement): readonly Part[] {
  // What a cell exports, later cells see anyway.
  if (
    ts.isEmptyStatement(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isExportAssignment(statement)
  ) {
    return [];
  }
  if (ts.isImportDeclaration(statement)) return importsOf(statement);
  if (ts.isVariableStatement(statement)) {
    if (isAmbient(statement)) return [part('type', statement, boundNames(statement.declarationList))];
    return statement.declarationList.declarations.map((node) => part('value', node, namesBoundBy(node)));
  }
  if (ts.isFunctionDeclaration(statement)) return [part('function', statement, nameOf(statement))];
  if (ts.isClassDeclaration(statement)) return [part('class', statement, nameOf(statement))];
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    return [part('type', statement, nameOf(statement))];
  }
  if (ts.isEnumDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) {
    return [part('value', statement, nameOf(statement))];
  }
  if (ts.isModuleDeclaration(statement)) {
    const isNamed =
      ts.isIdentifier(statement.name) && (statement.flags & ts.NodeFlags.GlobalAugmentation) === 0;
    return [part(isNamed ? 'value' : 'type', statement, isNamed ? nameOf(statement) : [])];
  }
  return [part('effect', statement, nestedVars(statement))];
}

function importsOf(statement: ts.ImportDeclaration): readonly Part[] {
  // The parser takes nothing else here.
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
  const names = importedNames(statement);
  if (names.length === 0)
    return [{ kind: 'import', node: statement, names, imported: { specifier, imported: '' } }];
  return names.map((name) => ({
    kind: 'import',
    node: name.parent,
    names: [name],
    imported: { specifier, imported: nameInModule(name) },
  }));
}

function nameInModule(name: ts.Identifier): string {
  if (ts.isImportClause(name.parent)) return 'default';
  if (ts.isImportSpecifier(name.parent)) return (name.parent.propertyName ?? name).text;
  return '*';
}

function namesBoundBy(declaration: ts.VariableDeclaration): readonly ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name);
    else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
  };
  visit(declaration.name);
  return names;
}

function nameOf({ name }: { readonly name?: ts.Node | undefined }): readonly ts.Identifier[] {
  return name !== undefined && ts.isIdentifier(name) ? [name] : [];
}

function part(kind: UnitKind, node: ts.Node, names: readonly ts.Identifier[]): Part {
  return { kind, node, names };
}
