import ts from '#typescript';
import { isAmbient, isVar, nestedVars } from './declared-names.ts';
import { FreeNames } from './free-names.ts';
import { rewriteImport } from './rewrite-import.ts';
import type { RewriteOptions } from './rewrite-options.ts';
import { assignment, assignmentOfList, named, withoutTypes } from './assignments.ts';

/**
 * Makes the body of the function that a cell runs as: top-level names become members of one object, imports become
 * calls, the last expression is returned. TypeScript erases the types afterwards.
 *
 * Imports and functions come first, as a module would have it.
 */
export function rewriteCell(options: RewriteOptions): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (sourceFile) => new Rewriter(options, context).sourceFile(sourceFile);
}

class Rewriter {
  readonly #options: RewriteOptions;
  readonly #context: ts.TransformationContext;
  readonly #factory: ts.NodeFactory;
  #free: FreeNames | undefined;
  readonly #names = new Set<string>();
  /** 0 where `await` waits for the cell itself. */
  #depth = 0;
  /** 0 where `this` is the module's, which is undefined. */
  #thisDepth = 0;

  constructor(options: RewriteOptions, context: ts.TransformationContext) {
    this.#options = options;
    this.#context = context;
    this.#factory = context.factory;
  }

  sourceFile(sourceFile: ts.SourceFile): ts.SourceFile {
    const { codeStart, codeEnd } = this.#options;
    const isOurs = (statement: ts.Statement) =>
      statement.pos >= codeStart - 1 && statement.getStart(sourceFile) < codeEnd && statement.end > codeStart;
    const statements = sourceFile.statements.filter(isOurs);
    this.#free = new FreeNames(this.#options.checker, sourceFile, codeStart);
    const last = statements.findLast((statement) => !ts.isEmptyStatement(statement));

    const imports: ts.Statement[] = [];
    const functions: ts.Statement[] = [];
    const body: ts.Statement[] = [];
    for (const statement of statements) {
      if (ts.isImportDeclaration(statement)) imports.push(...this.#import(statement));
      else if (ts.isFunctionDeclaration(statement)) functions.push(...this.#function(statement));
      else if (statement === last && ts.isExpressionStatement(statement)) body.push(this.#result(statement));
      else body.push(...this.#topLevel(statement));
    }
    const vars = this.#vars(statements);
    for (const name of this.#names) this.#options.onName(name);
    return this.#factory.updateSourceFile(sourceFile, [...imports, ...vars, ...functions, ...body]);
  }

  /** One statement of the top level that is neither an import nor a function. */
  #topLevel(statement: ts.Statement): ts.Statement[] {
    if (ts.isVariableStatement(statement)) return this.#variables(statement);
    if (ts.isClassDeclaration(statement)) return this.#class(statement);
    if (ts.isEnumDeclaration(statement)) return this.#enum(statement);
    if (ts.isModuleDeclaration(statement)) return this.#namespace(statement);
    if (ts.isImportEqualsDeclaration(statement)) return this.#alias(statement);
    // What a cell exports, later cells see anyway.
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return [];
    return [this.#visitStatement(statement)];
  }

  #result(statement: ts.ExpressionStatement): ts.Statement {
    const factory = this.#factory;
    // `(0, f)`: a function without a name would take that of the property.
    const value = factory.createComma(factory.createNumericLiteral(0), this.expression(statement.expression));
    const object = factory.createObjectLiteralExpression([factory.createPropertyAssignment('value', value)]);
    return ts.setTextRange(factory.createReturnStatement(object), statement);
  }

  #import(statement: ts.ImportDeclaration): ts.Statement[] {
    return rewriteImport(statement, this.#factory, {
      isValue: (name) => this.#isValue(name),
      target: (name) => this.#declare(name),
      load: (args) => this.#call(this.#options.parameters.load, args),
    });
  }

  #function(statement: ts.FunctionDeclaration): ts.Statement[] {
    if (statement.body === undefined || statement.name === undefined || isAmbient(statement)) return [];
    const factory = this.#factory;
    // Its scope and its body as in any function; only its own name is not rewritten.
    const visited = this.visit(statement) as ts.FunctionDeclaration;
    const expression = factory.createFunctionExpression(
      visited.modifiers?.filter((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword),
      visited.asteriskToken,
      statement.name,
      visited.typeParameters,
      visited.parameters,
      visited.type,
      visited.body ?? factory.createBlock([]),
    );
    ts.setOriginalNode(ts.setTextRange(expression, statement), statement);
    return [this.#assign(statement.name, expression, statement)];
  }

  #class(statement: ts.ClassDeclaration): ts.Statement[] {
    if (statement.name === undefined || isAmbient(statement)) return [];
    const visited = this.visit(statement) as ts.ClassDeclaration;
    const expression = this.#factory.createClassExpression(
      visited.modifiers?.filter((modifier) => ts.isDecorator(modifier)),
      statement.name,
      visited.typeParameters,
      visited.heritageClauses,
      visited.members,
    );
    ts.setOriginalNode(ts.setTextRange(expression, statement), statement);
    return [this.#assign(statement.name, expression, statement)];
  }

  #enum(statement: ts.EnumDeclaration): ts.Statement[] {
    if (isAmbient(statement)) return [];
    const factory = this.#factory;
    const members = ts.visitNodes(statement.members, (node) => this.visit(node), ts.isEnumMember);
    const local = factory.updateEnumDeclaration(statement, undefined, statement.name, members);
    return this.#withLocal(statement.name, local);
  }

  #namespace(statement: ts.ModuleDeclaration): ts.Statement[] {
    if (isAmbient(statement) || !ts.isIdentifier(statement.name) || !this.#isValue(statement.name)) return [];
    const factory = this.#factory;
    const body = ts.visitNode(statement.body, (node) => this.visit(node), ts.isModuleBody);
    return this.#withLocal(
      statement.name,
      factory.updateModuleDeclaration(statement, undefined, statement.name, body),
    );
  }

  /** Enums and namespaces fill a local variable, which may have a class or function to add to, and hand it over. */
  #withLocal(name: ts.Identifier, local: ts.Statement): ts.Statement[] {
    const factory = this.#factory;
    const hasOther = this.#names.has(name.text) || this.#free?.isFunctionOrClass(name) === true;
    const resume = factory.createExpressionStatement(
      factory.createAssignment(factory.createIdentifier(name.text), this.#member(name.text)),
    );
    return [
      ...(hasOther ? [resume] : []),
      local,
      factory.createExpressionStatement(
        factory.createAssignment(this.#declare(name), factory.createIdentifier(name.text)),
      ),
    ];
  }

  /** `import A = N.B`. */
  #alias(statement: ts.ImportEqualsDeclaration): ts.Statement[] {
    const reference = statement.moduleReference;
    if (statement.isTypeOnly || ts.isExternalModuleReference(reference) || !this.#isValue(statement.name)) {
      return [];
    }
    const factory = this.#factory;
    const read = (name: ts.EntityName): ts.Expression =>
      ts.isIdentifier(name)
        ? this.expression(name)
        : factory.createPropertyAccessExpression(read(name.left), name.right.text);
    return [this.#assign(statement.name, read(reference), statement)];
  }

  #variables(statement: ts.VariableStatement): ts.Statement[] {
    if (isAmbient(statement)) return [];
    const assigned = this.#assignList(statement.declarationList);
    if (assigned === undefined) return [];
    return [ts.setTextRange(this.#factory.createExpressionStatement(assigned), statement)];
  }

  /** Makes every `var` of the cell exist from its start. */
  #vars(statements: readonly ts.Statement[]): ts.Statement[] {
    const names = statements.filter((statement) => !isAmbient(statement)).flatMap(nestedVars);
    const unique = new Map(names.map((name) => [name.text, name]));
    return [...unique.values()].map((name) => {
      const member = this.#declare(name);
      return this.#factory.createExpressionStatement(
        this.#factory.createAssignment(member, this.#factory.createVoidZero()),
      );
    });
  }

  #assign(name: ts.Identifier, value: ts.Expression, statement: ts.Statement): ts.Statement {
    const assigned = this.#factory.createAssignment(this.#declare(name), value);
    return ts.setTextRange(this.#factory.createExpressionStatement(assigned), statement);
  }

  /** Undefined if there is nothing to do: `var x;` keeps what `x` has. */
  #assignList(list: ts.VariableDeclarationList): ts.Expression | undefined {
    return assignmentOfList(list, this.#factory, {
      target: (name) => this.#declare(name),
      expression: (node) => this.expression(node),
    });
  }

  #visitStatement(statement: ts.Statement): ts.Statement {
    // The visitor gives a statement for a statement.
    return this.visit(statement) as ts.Statement;
  }

  expression(node: ts.Expression): ts.Expression {
    // The visitor gives an expression for an expression.
    return this.visit(node) as ts.Expression;
  }

  readonly visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isIdentifier(node)) return this.#identifier(node);
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node)) {
      return this.#inFunction(node);
    }
    if (this.#depth === 0) {
      const rewritten = this.#ofTheCell(node);
      if (rewritten !== undefined) return rewritten;
    }
    if (node.kind === ts.SyntaxKind.ThisKeyword && this.#thisDepth === 0)
      return this.#factory.createVoidZero();
    if (ts.isCallExpression(node)) return this.#callExpression(node);
    if (ts.isTaggedTemplateExpression(node)) return this.#taggedTemplate(node);
    if (ts.isShorthandPropertyAssignment(node)) return this.#shorthand(node);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return this.#factory.createIdentifier(this.#options.parameters.meta);
    }
    return ts.visitEachChild(node, this.visit, this.#context);
  };

  /** What means something else directly in the cell than inside a function of it. */
  #ofTheCell(node: ts.Node): ts.Node | undefined {
    const factory = this.#factory;
    if (ts.isAwaitExpression(node)) {
      const call = this.#call(this.#options.parameters.wait, [this.expression(node.expression)]);
      return factory.updateAwaitExpression(node, ts.setTextRange(call, node.expression));
    }
    if (ts.isVariableStatement(node) && isVar(node.declarationList)) {
      const assigned = this.#assignList(node.declarationList);
      if (assigned === undefined) return factory.createEmptyStatement();
      return ts.setTextRange(factory.createExpressionStatement(assigned), node);
    }
    if (ts.isForStatement(node)) return this.#for(node);
    if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return this.#forEach(node);
    return undefined;
  }

  #for(node: ts.ForStatement): ts.Node | undefined {
    const { initializer } = node;
    if (initializer === undefined || !ts.isVariableDeclarationList(initializer) || !isVar(initializer)) {
      return undefined;
    }
    return this.#factory.updateForStatement(
      node,
      this.#assignList(initializer),
      node.condition && this.expression(node.condition),
      node.incrementor && this.expression(node.incrementor),
      this.#visitStatement(node.statement),
    );
  }

  #forEach(node: ts.ForInStatement | ts.ForOfStatement): ts.Node {
    const factory = this.#factory;
    const list = ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined;
    const declaration = list !== undefined && isVar(list) ? list.declarations[0] : undefined;
    // An initializer is an expression or a list of declarations, before and after.
    const initializer =
      declaration === undefined
        ? (this.visit(node.initializer) as ts.ForInitializer)
        : assignment(declaration.name, factory, {
            target: (name) => this.#declare(name),
            expression: (part) => this.expression(part),
          });
    const expression = this.expression(node.expression);
    const statement = this.#visitStatement(node.statement);
    if (ts.isForInStatement(node)) {
      return factory.updateForInStatement(node, initializer, expression, statement);
    }
    const items =
      node.awaitModifier === undefined
        ? expression
        : ts.setTextRange(this.#call(this.#options.parameters.iterate, [expression]), node.expression);
    return factory.updateForOfStatement(node, node.awaitModifier, initializer, items, statement);
  }

  #inFunction(node: ts.Node): ts.Node {
    const bindsThis = !ts.isArrowFunction(node);
    // Names and decorators of members are evaluated outside of them; `await` cannot be told apart there, and need not.
    this.#depth += 1;
    if (bindsThis) this.#thisDepth += 1;
    const visited = ts.visitEachChild(node, this.visit, this.#context);
    this.#depth -= 1;
    if (bindsThis) this.#thisDepth -= 1;
    return visited;
  }

  #identifier(node: ts.Identifier): ts.Expression {
    if (this.#free?.isMember(node) !== true) return node;
    return ts.setOriginalNode(ts.setTextRange(this.#member(node.text), node), node);
  }

  /** `f()` → `(0, cells.f)()`: a function must not get all names as its `this`. */
  #callExpression(node: ts.CallExpression): ts.Node {
    const factory = this.#factory;
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      const call = this.#call(
        this.#options.parameters.load,
        specifier === undefined ? [] : [this.expression(specifier)],
      );
      return ts.setTextRange(call, node);
    }
    const callee = this.#callee(node.expression);
    const rest = ts.visitNodes(node.arguments, this.visit, ts.isExpression);
    return node.questionDotToken === undefined && !ts.isOptionalChain(node)
      ? factory.updateCallExpression(node, callee, node.typeArguments, rest)
      : factory.updateCallChain(
          node as ts.CallChain, // an optional chain, as asked above
          callee,
          node.questionDotToken,
          node.typeArguments,
          rest,
        );
  }

  #taggedTemplate(node: ts.TaggedTemplateExpression): ts.Node {
    const template = ts.visitNode(node.template, this.visit, ts.isTemplateLiteral);
    return this.#factory.updateTaggedTemplateExpression(
      node,
      this.#callee(node.tag),
      node.typeArguments,
      template,
    );
  }

  #callee(callee: ts.Expression): ts.Expression {
    const inner = withoutTypes(callee);
    if (!ts.isIdentifier(inner) || this.#free?.isMember(inner) !== true) return this.expression(callee);
    const factory = this.#factory;
    const member = this.#identifier(inner);
    const pair = factory.createComma(factory.createNumericLiteral(0), member);
    const whole = factory.createParenthesizedExpression(ts.setTextRange(pair, inner));
    // V8 places a call at the end of what it calls, which then maps to the start of the name, as without us.
    for (const part of [member, pair, whole]) ts.setEmitFlags(part, ts.EmitFlags.NoTrailingSourceMap);
    return ts.setTextRange(whole, callee);
  }

  /** `{ x }` → `{ x: cells.x }`, also where it is assigned to: `({ x = 1 } = o)`. */
  #shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const factory = this.#factory;
    const initializer = node.objectAssignmentInitializer;
    if (this.#free?.isMember(node.name) !== true) {
      return initializer === undefined
        ? node
        : factory.updateShorthandPropertyAssignment(node, node.name, this.expression(initializer));
    }
    const member = this.#identifier(node.name);
    const value =
      initializer === undefined
        ? member
        : factory.createAssignment(member, named(node.name.text, this.expression(initializer), factory));
    return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
  }

  /** An assignment of a function without a name gives it the variable's. */
  #binary(node: ts.BinaryExpression): ts.Node {
    const names = [
      ts.SyntaxKind.EqualsToken,
      ts.SyntaxKind.BarBarEqualsToken,
      ts.SyntaxKind.AmpersandAmpersandEqualsToken,
      ts.SyntaxKind.QuestionQuestionEqualsToken,
    ];
    if (
      !names.includes(node.operatorToken.kind) ||
      !ts.isIdentifier(node.left) ||
      this.#free?.isMember(node.left) !== true
    ) {
      return ts.visitEachChild(node, this.visit, this.#context);
    }
    const right = named(node.left.text, this.expression(node.right), this.#factory);
    return this.#factory.updateBinaryExpression(node, this.#identifier(node.left), node.operatorToken, right);
  }

  #isValue(name: ts.Identifier): boolean {
    return this.#free?.isValue(name) === true;
  }

  #declare(name: ts.Identifier): ts.Expression {
    this.#names.add(name.text);
    return ts.setTextRange(this.#member(name.text), name);
  }

  #member(name: string): ts.PropertyAccessExpression {
    const cells = this.#factory.createIdentifier(this.#options.parameters.cells);
    return this.#factory.createPropertyAccessExpression(cells, name);
  }

  #call(name: string, args: readonly ts.Expression[]): ts.CallExpression {
    return this.#factory.createCallExpression(this.#factory.createIdentifier(name), undefined, args);
  }
}
