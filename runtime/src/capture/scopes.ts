import type { RemoteObject, ThreadInspector } from './inspector.ts';
import { Refusal } from './refusal.ts';

/** One scope around a function, with the live values of the variables in it. */
export interface Scope {
  /** `module` is an ES module's; `script` holds the top-level `let`, `const` and `class` of scripts. */
  readonly kind: 'inner' | 'module' | 'script';
  /** Variable names to their values now; it has no prototype. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the inspector tells of a function. */
export interface FunctionScopes {
  readonly kind: 'closure';
  /** Innermost first; the global one is left out. Only what some function captures is there. */
  readonly scopes: readonly Scope[];
  readonly location: ScriptLocation | undefined;
}

/** What `Function.prototype.bind` made. */
export interface BoundFunction {
  readonly kind: 'bound';
  readonly target: unknown;
  readonly boundThis: unknown;
  readonly boundArgs: unknown;
}

/** Made by the engine, with nothing to see inside. */
export interface NativeFunction {
  readonly kind: 'native';
}

/** Where a function starts: line and column count from 0. */
export interface ScriptLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * The live scope variables of `fn`: functions, methods, classes, arrow functions, generators, bound functions.
 *
 * The `this` of an arrow function is not among them, as the inspector does not show it. About 0.2 ms.
 *
 * @throws {Refusal} if the inspector is not there.
 */
export function functionScopes(
  inspector: ThreadInspector,
  fn: object,
): FunctionScopes | BoundFunction | NativeFunction {
  const internal = new Map(
    (inspector.properties(fn).internalProperties ?? []).map(({ name, value }) => [name, value]),
  );
  const target = internal.get('[[TargetFunction]]');
  if (target !== undefined) {
    const parts = [target, internal.get('[[BoundThis]]'), internal.get('[[BoundArgs]]')];
    const [boundTarget, boundThis, boundArgs] = inspector.values(
      parts.map((part): RemoteObject => part ?? { type: 'undefined' }),
    );
    return { kind: 'bound', target: boundTarget, boundThis, boundArgs };
  }
  const list = internal.get('[[Scopes]]');
  if (list === undefined) return { kind: 'native' };
  const scopes: Scope[] = [];
  for (const { description, variables } of inspector.scopes(list)) {
    const [type = ''] = description.split(' ', 1);
    if (type === 'With') throw new Refusal('stands inside a with statement');
    if (variables === undefined) continue;
    scopes.push({
      kind: type === 'Module' ? 'module' : type === 'Script' ? 'script' : 'inner',
      // The inspector's copy of the scope: names to values.
      variables: variables as Readonly<Record<string, unknown>>,
    });
  }
  // The inspector gives a location by value, in this shape.
  const location = internal.get('[[FunctionLocation]]')?.value as ScriptLocation | undefined;
  return { kind: 'closure', scopes, location };
}

/** The private fields of an instance, or the static ones of a class, with their values; methods are not there. */
export function privateFields(inspector: ThreadInspector, value: object): [name: string, value: unknown][] {
  const fields = (inspector.properties(value).privateProperties ?? []).flatMap((property) =>
    property.value === undefined ? [] : [{ name: property.name, value: property.value }],
  );
  if (fields.length === 0) return [];
  const values = inspector.values(fields.map((field) => field.value));
  return fields.map((field, i) => [field.name, values[i]]);
}
