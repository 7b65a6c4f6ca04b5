import ts from '#typescript';
import { isAmbient } from './declared-names.ts';

/** Tells which identifiers of a cell mean a name of the notebook, and which a local or a global one. */
export class FreeNames {
  readonly #checker: ts.TypeChecker;
  readonly #declarations = new Set<ts.Node>();
  readonly #names = new Set<string>();

  /** @param codeStart Where the user's code starts; what is before it declares the names of earlier cells. */
  constructor(checker: ts.TypeChecker, sourceFile: ts.SourceFile, codeStart: number) {
    this.#checker = checker;
    for (const statement of sourceFile.statements) {
      const isPrelude = statement.end <= codeStart;
      // The prelude declares members; a user's `declare` speaks of something that is none.
      if (!isPrelude && isAmbient(statement)) continue;
      this.#collect(statement);
    }
  }

  /** True if `node`, a reference, means a member. */
  isMember(node: ts.Identifier): boolean {
    if (!this.#names.has(node.text) || this.#isDeclared(node)) return false;
    const declarations = this.#symbol(node)?.declarations;
    const own = declarations?.find((declaration) => this.#declarations.has(declaration));
    if (own === undefined) return false;
    // Inside a class, an enum or a namespace its own name is a local one, which exists before the member does.
    return !declarations?.some((declaration) => hasOwnScope(declaration) && isInside(node, declaration));
  }

  /** True if the declared `name` is there at run time. */
  isValue(name: ts.Identifier): boolean {
    let symbol = this.#checker.getSymbolAtLocation(name);
    if (symbol === undefined) return true;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) {
      if (isTypeOnly(name.parent)) return false;
      symbol = this.#checker.getAliasedSymbol(symbol);
      // Not to be found in the types, yet perhaps in the module: JavaScript without types.
      if (this.#checker.isUnknownSymbol(symbol)) return true;
    }
    return (symbol.flags & ts.SymbolFlags.Value) !== 0;
  }

  /** True if a class or function of the same name is among the declarations that `name` merges. */
  isFunctionOrClass(name: ts.Identifier): boolean {
    const declarations = this.#checker.getSymbolAtLocation(name)?.declarations ?? [];
    return declarations.some((node) => ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node));
  }

  #isDeclared(node: ts.Identifier): boolean {
    return (
      this.#declarations.has(node.parent) && ts.getNameOfDeclaration(node.parent as ts.Declaration) === node
    );
  }

  #symbol(node: ts.Identifier): ts.Symbol | undefined {
    return ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
  }

  #collect(node: ts.Node): void {
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
      this.#add(node, node.name);
    } else if (ts.isModuleDeclaration(node)) {
      this.#add(node, ts.isIdentifier(node.name) ? node.name : undefined);
    } else if (ts.isImportClause(node) || ts.isImportSpecifier(node) || ts.isNamespaceImport(node)) {
      this.#add(node, node.name);
      ts.forEachChild(node, (child) => this.#collect(child));
    } else if (ts.isImportEqualsDeclaration(node)) {
      this.#add(node, node.name);
    } else if (ts.isVariableDeclarationList(node)) {
      const isTop = ts.isVariableStatement(node.parent) && ts.isSourceFile(node.parent.parent);
      if (isTop || (node.flags & ts.NodeFlags.BlockScoped) === 0) {
        for (const declaration of node.declarations) this.#bind(declaration);
      }
    } else if (!ts.isFunctionLike(node) && !ts.isClassLike(node) && !ts.isExpression(node)) {
      ts.forEachChild(node, (child) => {
        // Of what is nested, only `var` belongs to the top level.
        if (ts.isFunctionDeclaration(child) || ts.isClassDeclaration(child) || ts.isEnumDeclaration(child))
          return;
        this.#collect(child);
      });
    }
  }

  #bind(declaration: ts.VariableDeclaration | ts.BindingElement): void {
    if (ts.isIdentifier(declaration.name)) {
      this.#add(declaration, declaration.name);
      return;
    }
    for (const element of declaration.name.elements) if (ts.isBindingElement(element)) this.#bind(element);
  }

  #add(declaration: ts.Node, name: ts.Identifier | undefined): void {
    if (name === undefined) return;
    this.#declarations.add(declaration);
    this.#names.add(name.text);
  }
}

function hasOwnScope(node: ts.Node): boolean {
  return ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);
}

function isInside(node: ts.Node, ancestor: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; (at as ts.Node | undefined) !== undefined; at = at.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

function isTypeOnly(node: ts.Node): boolean {
  return ts.isTypeOnlyImportOrExportDeclaration(node);
}
