import { isHelper, type Helper } from './module-helpers.ts';
import type { ObjectPlan, Piece, ShipProperty } from './ship-node.ts';

/** What writing an object asks of the module that it is written to. */
export interface ObjectWriter {
  /** Code for a value; `depth` counts how many objects it stands inside of. */
  readonly piece: (piece: Piece, depth?: number) => string;
  /** The name of a function of the module's own. */
  readonly helper: (name: Helper) => string;
}

/** Whether all of an object can be said by one expression. */
export function isExpression({ restored, integrity, properties, creation }: ObjectPlan): boolean {
  if (restored !== undefined || integrity !== 'open' || creation.kind === 'weak') return false;
  return creation.kind === 'plain' ? properties.every(isOrdinary) : properties.length === 0;
}

/** A whole object as one expression. */
export function wholeObject(plan: ObjectPlan, writer: ObjectWriter, depth: number): string {
  const { creation } = plan;
  const write = (piece: Piece) => writer.piece(piece, depth + 1);
  const under = (code: string) => withPrototype(code, plan, writer);
  switch (creation.kind) {
    case 'plain': {
      const properties = plan.properties.map(
        ({ key, value }) => `${literalKey(key)}: ${write(value ?? 'undefined')}`,
      );
      if (plan.prototype !== undefined) properties.unshift(`__proto__: ${write(plan.prototype)}`);
      return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`;
    }
    case 'array': {
      const items = creation.items.map((item) => (item === undefined ? '' : write(item)));
      // A hole at the end needs a comma of its own.
      const end = creation.items.at(-1) === undefined && items.length > 0 ? ',' : '';
      return under(`[${items.join(', ')}${end}]`);
    }
    case 'map': {
      const entries = creation.entries.map(([key, value]) => `[${write(key)}, ${write(value)}]`);
      return under(`new Map([${entries.join(', ')}])`);
    }
    case 'set':
      return under(`new Set([${creation.items.map(write).join(', ')}])`);
    case 'weak': // its keys may lead back to it, so it is never written as one
      return under(emptyObject(plan, writer));
    case 'call':
      return under(call(creation.callee, creation.args.map(write), writer));
  }
}

/** An object without what it holds. */
export function emptyObject({ creation, restored }: ObjectPlan, writer: ObjectWriter): string {
  if (restored !== undefined) return `${writer.helper('restore')}(${writer.piece(restored.by)})`;
  if (creation.kind === 'call') {
    const args = creation.args.map((arg) => writer.piece(arg));
    return call(creation.callee, args, writer);
  }
  if (creation.kind === 'weak') return creation.isMap ? 'new WeakMap()' : 'new WeakSet()';
  return { plain: '{}', array: '[]', map: 'new Map()', set: 'new Set()' }[creation.kind];
}

/** Statements that put into an empty object what it holds, but for its properties. */
export function contentsOf(name: string, { creation, restored }: ObjectPlan, writer: ObjectWriter): string[] {
  const { piece } = writer;
  const lines: string[] = [];
  if (creation.kind === 'map') {
    for (const [key, value] of creation.entries) {
      lines.push(`Map.prototype.set.call(${name}, ${piece(key)}, ${piece(value)});`);
    }
  } else if (creation.kind === 'weak') {
    for (const [key, value] of creation.entries) {
      const [method, args] = creation.isMap
        ? ['WeakMap.prototype.set', `${piece(key)}, ${piece(value)}`]
        : ['WeakSet.prototype.add', piece(key)];
      lines.push(`${method}.call(${name}, ${args});`);
    }
  } else if (creation.kind === 'set') {
    for (const item of creation.items) lines.push(`Set.prototype.add.call(${name}, ${piece(item)});`);
  } else if (creation.kind === 'array') {
    for (const [at, item] of creation.items.entries()) {
      if (item !== undefined) lines.push(`${name}[${at}] = ${piece(item)};`);
    }
    if (creation.items.length > 0) lines.push(`${name}.length = ${creation.items.length};`);
  }
  for (const { owner, values } of restored?.fields ?? []) {
    if (values.length === 0) continue;
    const fields = values.map((value) => piece(value)).join(', ');
    lines.push(`${piece(owner)}_fields(${name}, [${fields}]);`);
  }
  return lines;
}

/** A statement that defines a property. */
export function propertyOf(name: string, property: ShipProperty, { piece }: ObjectWriter): string {
  const { get, set, value, enumerable, writable, configurable } = property;
  const parts =
    get === undefined
      ? [`value: ${piece(value ?? 'undefined')}`, `writable: ${writable}`]
      : [`get: ${piece(get)}`, `set: ${piece(set ?? 'undefined')}`];
  parts.push(`enumerable: ${enumerable}`, `configurable: ${configurable}`);
  return `Object.defineProperty(${name}, ${piece(property.key)}, { ${parts.join(', ')} });`;
}

function withPrototype(code: string, { prototype }: ObjectPlan, { piece }: ObjectWriter): string {
  return prototype === undefined ? code : `Object.setPrototypeOf(${code}, ${piece(prototype)})`;
}

function call(callee: string, args: readonly string[], { helper }: ObjectWriter): string {
  return `${isHelper(callee) ? helper(callee) : callee}(${args.join(', ')})`;
}

/** A property that a literal makes. */
function isOrdinary({ key, value, enumerable, writable, configurable }: ShipProperty): boolean {
  if (typeof key !== 'string' || !key.startsWith('"') || value === undefined) return false;
  return enumerable && writable && configurable;
}

function literalKey(key: Piece): string {
  // Only what is a literal as a whole comes here, and its keys are strings.
  const text = typeof key === 'string' ? key : '';
  return text === '"__proto__"' ? `[${text}]` : text;
}
