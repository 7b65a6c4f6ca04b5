import ts from '#typescript';
import { importedNames } from './declared-names.ts';

/** How the parts of an import are turned into those of a call. */
export interface ImportParts {
  /** True if the imported name is there at run time. */
  readonly isValue: (name: ts.Identifier) => boolean;
  /** What stands for a declared name. */
  readonly target: (name: ts.Identifier) => ts.Expression;
  /** The call that loads a module. */
  readonly load: (args: readonly ts.Expression[]) => ts.Expression;
}

/**
 * `import d, { a as b } from 's'` → `({ default: cells.d, a: cells.b } = await load('s', ['default', 'a']))`.
 *
 * The loader is told which names are wanted, as it alone can tell one that is missing from one that is undefined. An
 * import of types only is nothing; attributes are dropped.
 */
export function rewriteImport(
  statement: ts.ImportDeclaration,
  factory: ts.NodeFactory,
  parts: ImportParts,
): ts.Statement[] {
  const clause = statement.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const values = importedNames(statement).filter(parts.isValue);
  if (clause !== undefined && values.length === 0 && hasNames(clause)) return [];
  const namespace = values.find((name) => ts.isNamespaceImport(name.parent));
  const members = values.filter((name) => name !== namespace);
  const wanted = members.map((name) => factory.createStringLiteral(exportedName(name)));
  const load = parts.load([
    statement.moduleSpecifier,
    ...(wanted.length === 0 ? [] : [factory.createArrayLiteralExpression(wanted)]),
  ]);
  let module: ts.Expression = factory.createAwaitExpression(load);
  if (namespace !== undefined) module = factory.createAssignment(parts.target(namespace), module);
  if (members.length > 0) {
    const targets = members.map((name) => {
      const key = factory.createStringLiteral(exportedName(name));
      return factory.createPropertyAssignment(key, parts.target(name));
    });
    module = factory.createAssignment(factory.createObjectLiteralExpression(targets), module);
  }
  return [ts.setTextRange(factory.createExpressionStatement(module), statement)];
}

function hasNames({ name, namedBindings }: ts.ImportClause): boolean {
  if (name !== undefined || namedBindings === undefined) return name !== undefined;
  return ts.isNamespaceImport(namedBindings) || namedBindings.elements.length > 0;
}

/** What the module itself calls an imported name. */
function exportedName(name: ts.Identifier): string {
  if (ts.isImportClause(name.parent)) return 'default';
  if (ts.isImportSpecifier(name.parent)) return (name.parent.propertyName ?? name).text;
  return name.text;
}
