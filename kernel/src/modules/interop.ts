/** A module namespace of these exports; any other value is its default export alone. */
export function asModule(value: unknown): object {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const members = isRecord ? Object.entries(value) : [];
  const module = Object.create(null) as Record<string, unknown> & { default?: unknown };
  for (const [name, member] of members) module[name] = member;
  if (!isRecord || !('default' in value)) module.default = value;
  return Object.freeze(Object.defineProperty(module, Symbol.toStringTag, { value: 'Module' }));
}

/**
 * The namespace that TypeScript's types promise for a CommonJS module that was an ES module once: its default export is
 * `exports.default`, where Node gives all of `exports`.
 */
export function interop(namespace: object): object {
  const whole: unknown = 'default' in namespace ? namespace.default : undefined;
  const isObject = (typeof whole === 'object' || typeof whole === 'function') && whole !== null;
  if (!isObject || !('__esModule' in whole) || whole.__esModule !== true || !('default' in whole)) {
    return namespace;
  }
  return asModule({ ...namespace, default: whole.default });
}
