import ts from '#typescript';
import type { CodeCell, Reference, Unit } from './unit.ts';

/**
 * Finds, for each unit, the names that it takes from elsewhere, and the units that declare them.
 *
 * The rules are the notebook's. A name means what its own cell declares, else what the nearest earlier cell declares
 * that has the name. Inside a function it is looked up when the function is called: by then the last cell that declares the
 * name has run.
 */
export function resolveReferences(
  cells: readonly CodeCell[],
  units: readonly Unit[],
): ReadonlyMap<Unit, readonly Reference[]> {
  const checker = checkerOf(cells);
  const declaredBy = new Map<ts.Node, Unit>();
  const byName = new Map<string, Unit[]>();
  for (const unit of units) {
    for (const name of unit.names) {
      declaredBy.set(name, unit);
      const known = byName.get(name.text);
      if (known === undefined) byName.set(name.text, [unit]);
      else if (!known.includes(unit)) known.push(unit);
    }
  }

  const targetsOf = (
    identifier: ts.Identifier,
    unit: Unit,
    isDeferred: boolean,
  ): Pick<Reference, 'targets' | 'replaced'> | 'local' => {
    const declarations = symbolOf(identifier, checker)?.declarations ?? [];
    const own = declarations.some((node) => declaredBy.has(ts.getNameOfDeclaration(node) ?? node));
    if (declarations.length > 0 && !own) return 'local';
    const named = byName.get(identifier.text) ?? [];
    const { number } = unit.cell;
    const isDynamic = isDeferred && !isInType(identifier);
    const before = ofLastCell(
      named.filter(({ cell }) => (own ? cell.number <= number : cell.number < number)),
    );
    const targets = isDynamic ? ofLastCell(named) : before;
    return before[0]?.cell === targets[0]?.cell ? { targets } : { targets, replaced: before };
  };

  const references = new Map<Unit, readonly Reference[]>();
  for (const unit of units) {
    const found: Reference[] = [];
    // An imported name takes nothing from the notebook.
    if (unit.kind !== 'import') {
      visitReferences(unit.node, (identifier, isDeferred) => {
        const meant = targetsOf(identifier, unit, isDeferred);
        if (meant !== 'local') found.push({ identifier, isDeferred, ...meant, ...useOf(identifier) });
      });
    }
    references.set(unit, found);
  }
  return references;
}

/** Of units in the order of their cells, those of the last cell. */
function ofLastCell(units: readonly Unit[]): readonly Unit[] {
  const last = units.at(-1)?.cell;
  return units.filter(({ cell }) => cell === last);
}

/** Binds every cell by itself; no libraries, no other files. */
function checkerOf(cells: readonly CodeCell[]): ts.TypeChecker {
  const files = new Map(cells.map(({ sourceFile }) => [sourceFile.fileName, sourceFile]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => files.get(name),
    getDefaultLibFileName: () => '',
    writeFile: () => undefined,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name)?.text,
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  return ts.createProgram([...files.keys()], options, host).getTypeChecker();
}

function symbolOf(identifier: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(identifier.parent) && identifier.parent.name === identifier
    ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
    : checker.getSymbolAtLocation(identifier);
}

/** Calls `found` for each identifier that refers to something by its plain name. */
function visitReferences(
  root: ts.Node,
  found: (identifier: ts.Identifier, isDeferred: boolean) => void,
): void {
  const visit = (node: ts.Node, isDeferred: boolean): void => {
    if (ts.isIdentifier(node)) {
      if (isReference(node)) found(node, isDeferred);
      return;
    }
    const isLater = isDeferred || isCalledLater(node);
    ts.forEachChild(node, (child) => visit(child, isLater || isInstanceField(node, child)));
  };
  visit(root, false);
}

/** A function that is called where it stands is not called later. */
function isCalledLater(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node) || ts.isTypeNode(node)) return false;
  let at: ts.Node = node;
  while (ts.isParenthesizedExpression(at.parent)) at = at.parent;
  return !(ts.isCallExpression(at.parent) && at.parent.expression === at);
}

function isInstanceField(parent: ts.Node, child: ts.Node): boolean {
  if (!ts.isPropertyDeclaration(parent) || parent.initializer !== child) return false;
  return !(parent.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false);
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportTypeNode(parent) || ts.isMetaProperty(parent) || ts.isNamedTupleMember(parent)) {
    return ts.isNamedTupleMember(parent) && parent.type === (node as ts.Node);
  }
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  const { name } = parent as { readonly name?: ts.Node }; // of a declaration, or of a member
  return name !== node;
}

function isInType(node: ts.Node): boolean {
  for (let at = node; (at.parent as ts.Node | undefined) !== undefined; at = at.parent) {
    if (ts.isTypeNode(at) && !ts.isExpressionWithTypeArguments(at)) return true;
    if (ts.isTypeParameterDeclaration(at)) return true;
    if (ts.isStatement(at)) return false;
  }
  return false;
}

function useOf(identifier: ts.Identifier): Pick<Reference, 'use' | 'method' | 'callee'> {
  if (isAssigned(identifier)) return { use: 'write' };
  let at: ts.Node = identifier;
  let method: string | undefined;
  while (isAccessOf(at.parent, at) || isTransparent(at.parent)) {
    if (ts.isPropertyAccessExpression(at.parent)) method = at.parent.name.text;
    at = at.parent;
  }
  if (at !== identifier && (isAssigned(at) || ts.isDeleteExpression(at.parent))) return { use: 'change' };
  if (method !== undefined && ts.isCallExpression(at.parent) && at.parent.expression === at) {
    return { use: 'receive', method };
  }
  const callee = takerOf(identifier);
  return callee === undefined ? { use: 'read' } : { use: 'give', callee };
}

function isAccessOf(parent: ts.Node, node: ts.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node
  );
}

function isTransparent(node: ts.Node): boolean {
  return ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node);
}

function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node) return isAssignment(parent.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  }
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  return isInAssignedPattern(node);
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** `[a, { b: a }] = …`. */
function isInAssignedPattern(node: ts.Node): boolean {
  let at = node;
  for (;;) {
    const { parent } = at;
    if (ts.isPropertyAssignment(parent)) {
      if (parent.initializer !== at) return false;
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      if (parent.name !== at) return false;
    } else if (!ts.isSpreadElement(parent) && !ts.isSpreadAssignment(parent)) {
      if (!ts.isArrayLiteralExpression(parent) && !ts.isObjectLiteralExpression(parent)) return false;
      const { parent: holder } = parent;
      if (ts.isBinaryExpression(holder) && holder.left === parent) {
        return holder.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      }
      if (ts.isForOfStatement(holder) && holder.initializer === parent) return true;
    }
    at = parent;
  }
}

/** What is called with the value itself, or with something that holds it, among its arguments. */
function takerOf(identifier: ts.Identifier): ts.Expression | undefined {
  let at: ts.Node = identifier;
  while (!ts.isStatement(at.parent) && !ts.isFunctionLike(at.parent)) {
    const { parent } = at;
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      return parent.arguments?.some((argument) => argument === at) === true ? parent.expression : undefined;
    }
    if (isAccessOf(parent, at) && isPrimitiveStep(parent)) return undefined;
    at = parent;
  }
  return undefined;
}

/** `x.length` gives nothing of `x` away. */
const isPrimitiveStep = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) && (node.name.text === 'length' || node.name.text === 'size');
