import { types } from 'node:util';
import type { Builtins } from './builtins.ts';
import { ownProperty } from './own-property.ts';
import type { ThreadInspector } from './inspector.ts';
import type { FunctionScopes } from './scopes.ts';

const CELLS = Symbol.for('millrace.cells');

/** What a free name of a function means. */
export type ResolvedName =
  | {
      readonly kind: 'captured';
      readonly value: unknown;
      readonly scope: 'inner' | 'module' | 'script';
      /** Which of the function's scopes has it; -1 for one that is not among them. */
      readonly index: number;
    }
  /** JavaScript's or Node's own. */
  | { readonly kind: 'global' }
  | { readonly kind: 'unresolved' };

/** Looks a free name up: in the scopes around the function, then among the globals. No getter is called. */
export function resolveName(
  info: FunctionScopes | undefined,
  name: string,
  builtins: Builtins,
): ResolvedName {
  for (const [index, scope] of (info?.scopes ?? []).entries()) {
    if (Object.hasOwn(scope.variables, name)) {
      return { kind: 'captured', value: scope.variables[name], scope: scope.kind, index };
    }
  }
  if (builtins.isGlobal(name)) return { kind: 'global' };
  const property = ownProperty(globalThis, name);
  if (property === undefined) return { kind: 'unresolved' };
  return { kind: 'captured', value: property.get ?? property.value, scope: 'script', index: -1 };
}

/** The object whose members are the names of a notebook's cells. */
export function isCells(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  return Object.getOwnPropertyDescriptor(value, CELLS)?.value === true;
}

/** A module's exports: the language's own object, or the one of a loader that makes modules of functions. */
export function isNamespace(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (types.isModuleNamespaceObject(value)) return true;
  return Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === 'Module';
}

/** The module behind the Proxy that vite's loader puts before each one that it did not load; else the value itself. */
export function withoutLoader(inspector: ThreadInspector, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !types.isProxy(value)) return value;
  const properties = inspector.properties(value).internalProperties ?? [];
  const target = properties.find(({ name }) => name === '[[Target]]')?.value;
  if (target === undefined) return value;
  const [behind] = inspector.values([target]);
  return isNamespace(behind) ? behind : value;
}
