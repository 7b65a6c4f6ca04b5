import type { AnyNode, Class, MethodDefinition, PropertyDefinition } from 'acorn';
import { parseFunction } from './function-source.ts';
import { isClass } from './value-writer.ts';

/** A method or accessor in the text of a class. */
export interface ClassMember {
  readonly isStatic: boolean;
  /** As `Function.prototype.toString` gives it. */
  readonly text: string;
  readonly node: MethodDefinition;
}

/** The syntax tree of a class, with offsets as in `text`. */
export function parseClass(text: string): { readonly node: Class; readonly offset: number } | undefined {
  const { node, offset } = parseFunction(text);
  return node.type === 'ClassExpression' ? { node, offset } : undefined;
}

/** The methods and accessors that a class has in its text, without the constructor and private ones. */
export function membersOf(text: string): readonly ClassMember[] {
  const parsed = parseClass(text);
  if (parsed === undefined) return [];
  const { node, offset } = parsed;
  return node.body.body.flatMap((member): ClassMember[] => {
    if (member.type !== 'MethodDefinition' || member.kind === 'constructor') return [];
    if (member.key.type === 'PrivateIdentifier') return [];
    // `static` is no part of a method's own text.
    const whole = text.slice(member.start - offset, member.end - offset);
    return [
      {
        isStatic: member.static,
        text: member.static ? whole.replace(/^static\s+/, '') : whole,
        node: member,
      },
    ];
  });
}

/** The private fields that instances of a class have, in order; undefined if it names nothing private. */
export function privateFieldNames(constructor: object): readonly string[] | undefined {
  if (!isClass(constructor)) return undefined;
  const parsed = parseClass(Function.prototype.toString.call(constructor));
  if (parsed === undefined) return undefined;
  const isPrivate = (member: AnyNode): member is MethodDefinition | PropertyDefinition =>
    (member.type === 'PropertyDefinition' || member.type === 'MethodDefinition') &&
    !member.static &&
    member.key.type === 'PrivateIdentifier';
  const members = parsed.node.body.body.filter(isPrivate);
  if (members.length === 0) return undefined;
  return members.flatMap(({ type, key }) =>
    type === 'PropertyDefinition' && key.type === 'PrivateIdentifier' ? [`#${key.name}`] : [],
  );
}

/** Whether an arrow function is what a class gives a field of each instance: `process = (x) => this.n + x`. */
export function isFieldOf(constructor: object, text: string): boolean {
  if (!isClass(constructor)) return false;
  const source = Function.prototype.toString.call(constructor);
  const parsed = parseClass(source);
  if (parsed === undefined) return false;
  const { node, offset } = parsed;
  return node.body.body.some(
    (member) =>
      member.type === 'PropertyDefinition' &&
      !member.static &&
      member.value?.type === 'ArrowFunctionExpression' &&
      source.slice(member.value.start - offset, member.value.end - offset) === text,
  );
}

/** Initialisers that do no harm when an instance is made again, as what they make is replaced. */
export function isHarmless(node: AnyNode): boolean {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- all others may run anything
  switch (node.type) {
    case 'Literal':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    default:
      return false;
  }
}
