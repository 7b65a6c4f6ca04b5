import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

/** The CommonJS modules that were loaded, by file. */
const loaded = createRequire(import.meta.url).cache;

/** Where a value is among the exports of a file. */
export interface ExportPlace {
  readonly file: string;
  /** Member by member: ["chunk"]; none if it is all that a CommonJS module exports. */
  readonly path: readonly string[];
  readonly isCommonJs: boolean;
}

/**
 * Finds `value` among what the module in `file` exports, or among the members of an export.
 *
 * The module was loaded before, as the value comes from it: asking Node for it gives that instance, and runs nothing.
 */
export async function findExport(value: object, file: string): Promise<ExportPlace | undefined> {
  const commonJs = loaded[file];
  if (commonJs !== undefined) {
    const path = pathTo(value, commonJs.exports, 2);
    return path && { file, path, isCommonJs: true };
  }
  if (!/\.m?js$/.test(file)) return undefined;
  let namespace: object;
  try {
    namespace = (await import(pathToFileURL(file).href)) as object;
  } catch {
    return undefined; // it was loaded in another way, and cannot be in this one
  }
  const path = pathTo(value, namespace, 2);
  return path && { file, path, isCommonJs: false };
}

function pathTo(value: object, from: unknown, depth: number): string[] | undefined {
  if (from === value) return [];
  if ((typeof from !== 'object' && typeof from !== 'function') || from === null || types.isProxy(from)) {
    return undefined;
  }
  for (const name of Object.getOwnPropertyNames(from)) {
    if (memberOf(from, name) === value) return [name];
  }
  if (depth <= 1) return undefined;
  for (const name of Object.getOwnPropertyNames(from)) {
    const found = pathTo(value, memberOf(from, name), depth - 1);
    if (found !== undefined && found.length > 0) return [name, ...found];
  }
  return undefined;
}

/** A member that no getter makes; those of a transpiled module are getters that only read. */
function memberOf(owner: object, name: string): unknown {
  try {
    if (types.isModuleNamespaceObject(owner)) return Reflect.get(owner, name) as unknown;
  } catch {
    return undefined; // declared, and not assigned yet
  }
  const property = Object.getOwnPropertyDescriptor(owner, name);
  if (property?.get === undefined) return property?.value;
  if (Object.getOwnPropertyDescriptor(owner, '__esModule')?.value !== true) return undefined;
  try {
    return Reflect.get(owner, name) as unknown;
  } catch {
    return undefined;
  }
}
