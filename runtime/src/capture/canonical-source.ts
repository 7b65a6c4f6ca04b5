import type { AnyNode } from 'acorn';
import { isNode } from './lexical-scope.ts';

/** Fields of a node that say how it was written, not what it means. */
const IGNORED = new Set(['type', 'start', 'end', 'loc', 'range', 'raw', 'sourceFile', 'shorthand']);

/**
 * The meaning of a syntax tree as text: without positions, comments, parentheses, quotes, empty statements.
 *
 * Two sources that differ only in formatting give the same text; any other difference gives another one.
 */
export function canonicalSource(node: AnyNode): string {
  const out: string[] = [];
  writeNode(node, out);
  return out.join('');
}

function writeNode(node: AnyNode, out: string[]): void {
  out.push('(', node.type);
  if (node.type === 'Literal') {
    out.push(' ', literal(node));
  } else if (node.type === 'TemplateElement') {
    // `raw` matters to String.raw and to any other tag.
    out.push(' ', JSON.stringify([node.value.cooked, node.value.raw]));
  } else {
    const key = plainKey(node);
    // Every node is an object of fields.
    const fields = node as unknown as Record<string, unknown>;
    for (const name of Object.keys(fields).sort()) {
      if (IGNORED.has(name)) continue;
      out.push(' ', name, '=');
      if (name === 'key' && key !== undefined) out.push(JSON.stringify(key));
      else writeField(fields[name], out);
    }
    // The one shorthand that means something else: `{ __proto__ }` does not set the prototype.
    if (key === '__proto__' && 'shorthand' in node && node.shorthand) out.push(' shorthand');
  }
  out.push(')');
}

function writeField(value: unknown, out: string[]): void {
  if (Array.isArray(value)) {
    out.push('[');
    for (const item of value) {
      if (isNode(item) && item.type === 'EmptyStatement') continue;
      writeField(item, out);
      out.push(',');
    }
    out.push(']');
  } else if (isNode(value)) {
    writeNode(value, out);
  } else {
    out.push(value === undefined ? 'undefined' : JSON.stringify(value));
  }
}

/** `{ a: 1 }`, `{ 'a': 1 }` and `{ ['a']: 1 }`, of which only the first two are the same to a reader: their key. */
function plainKey(node: AnyNode): string | undefined {
  if (node.type !== 'Property' && node.type !== 'MethodDefinition' && node.type !== 'PropertyDefinition') {
    return undefined;
  }
  if (node.computed) return undefined;
  if (node.key.type === 'Identifier') return node.key.name;
  if (node.key.type === 'Literal' && node.key.regex === undefined) return String(node.key.value);
  return undefined;
}

function literal(node: AnyNode & { readonly type: 'Literal' }): string {
  if (node.regex) return `regex ${JSON.stringify(node.regex)}`;
  if (node.bigint) return `bigint ${node.bigint}`;
  const { value } = node;
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}
