import ts from '#typescript';

/** How the parts of a declaration are turned into those of an assignment. */
export interface AssignmentParts {
  /** What stands for a declared name. */
  readonly target: (name: ts.Identifier) => ts.Expression;
  /** What stands for an initialiser or a computed name. */
  readonly expression: (node: ts.Expression) => ts.Expression;
}

/** `let a = 1, { b } = o` → `t(a) = 1, { b: t(b) } = o`; undefined if there is nothing to assign. */
export function assignmentOfList(
  list: ts.VariableDeclarationList,
  factory: ts.NodeFactory,
  parts: AssignmentParts,
): ts.Expression | undefined {
  const isBlockScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
  const assigned = list.declarations.flatMap(({ name, initializer }) => {
    if (initializer === undefined && !isBlockScoped) return [];
    const target = assignment(name, factory, parts);
    const value = initializer === undefined ? factory.createVoidZero() : parts.expression(initializer);
    const full = factory.createAssignment(target, nameOf(name, value, factory));
    return [ts.setTextRange(full, name.parent)];
  });
  const [first, ...rest] = assigned;
  return rest.reduce<ts.Expression | undefined>(
    (left, right) => (left === undefined ? right : factory.createComma(left, right)),
    first,
  );
}

/** The left side of an assignment that does what a declaration of `name` would: patterns, defaults, rests. */
export function assignment(
  name: ts.BindingName,
  factory: ts.NodeFactory,
  parts: AssignmentParts,
): ts.Expression {
  if (ts.isIdentifier(name)) return parts.target(name);
  const withDefault = (element: ts.BindingElement) => {
    const target = assignment(element.name, factory, parts);
    if (element.initializer === undefined) return target;
    const value = nameOf(element.name, parts.expression(element.initializer), factory);
    return factory.createAssignment(target, value);
  };
  if (ts.isArrayBindingPattern(name)) {
    const elements = name.elements.map((element) => {
      if (ts.isOmittedExpression(element)) return factory.createOmittedExpression();
      const target = withDefault(element);
      return element.dotDotDotToken === undefined ? target : factory.createSpreadElement(target);
    });
    return ts.setTextRange(factory.createArrayLiteralExpression(elements), name);
  }
  const properties = name.elements.map((element) => {
    const target = withDefault(element);
    if (element.dotDotDotToken !== undefined) return factory.createSpreadAssignment(target);
    return factory.createPropertyAssignment(propertyName(element, factory, parts), target);
  });
  return ts.setTextRange(factory.createObjectLiteralExpression(properties), name);
}

/** The expression that is left of `node` without parentheses and without what only types see. */
export function withoutTypes(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isExpressionWithTypeArguments(node)
    ? withoutTypes(node.expression)
    : node;
}

/** Gives `value` the name that a declaration of `name` would give it, if it is a function or class without one. */
export function named(name: string, value: ts.Expression, factory: ts.NodeFactory): ts.Expression {
  const inner = withoutTypes(value);
  const isNameless =
    ts.isArrowFunction(inner) ||
    (ts.isFunctionExpression(inner) && inner.name === undefined) ||
    (ts.isClassExpression(inner) && inner.name === undefined);
  if (!isNameless) return value;
  // Only a property of an object literal names its value as a variable does.
  const key =
    name === '__proto__'
      ? factory.createComputedPropertyName(factory.createStringLiteral(name))
      : factory.createIdentifier(name);
  const literal = factory.createObjectLiteralExpression([factory.createPropertyAssignment(key, value)]);
  return factory.createPropertyAccessExpression(factory.createParenthesizedExpression(literal), name);
}

function nameOf(name: ts.BindingName, value: ts.Expression, factory: ts.NodeFactory): ts.Expression {
  return ts.isIdentifier(name) ? named(name.text, value, factory) : value;
}

function propertyName(
  element: ts.BindingElement,
  factory: ts.NodeFactory,
  parts: AssignmentParts,
): ts.PropertyName {
  const name = element.propertyName ?? element.name;
  if (ts.isComputedPropertyName(name)) {
    return factory.updateComputedPropertyName(name, parts.expression(name.expression));
  }
  // A pattern without a property name binds an identifier.
  return ts.isIdentifier(name) ? factory.createIdentifier(name.text) : (name as ts.PropertyName);
}
