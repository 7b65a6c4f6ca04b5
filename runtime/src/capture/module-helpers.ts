/** Functions that a captured module may need, as code; NAME is its own name, RESTORING that of the flag. */
export const HELPERS = {
  /** The flag that tells constructors that an instance is made again, with fields of before. */
  restoring: 'const NAME = { on: false };',
  /** An instance of a class, without its own properties: its constructor is guarded. */
  restore:
    'const NAME = (kind) => { RESTORING.on = true; try { const made = Reflect.construct(kind, []); ' +
    'for (const key of Reflect.ownKeys(made)) delete made[key]; return made; } finally { RESTORING.on = false; } };',
  bytesOf: 'const NAME = (text) => Uint8Array.from(Buffer.from(text, "base64")).buffer;',
  errorOf:
    'const NAME = (kind, stack) => { const error = kind === AggregateError ? new kind([]) : new kind(); ' +
    'for (const key of Reflect.ownKeys(error)) delete error[key]; ' +
    'return Object.defineProperty(error, "stack", { value: stack, writable: true, configurable: true }); };',
} as const;

/** The name of a helper. */
export type Helper = keyof typeof HELPERS;

/** Whether a creation calls a helper. */
export function isHelper(callee: string): callee is Helper {
  return Object.hasOwn(HELPERS, callee);
}
