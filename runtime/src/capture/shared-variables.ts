import { contextIds } from './heap-contexts.ts';
import type { ThreadInspector } from './inspector.ts';
import type { ShipNode, Variable } from './ship-node.ts';

/** A variable of a function call. */
type HeldVariable = Variable & { readonly held: NonNullable<Variable['held']> };

/**
 * Makes one variable of those that are one, where some function that ships assigns it: two closures of one call.
 *
 * Variables of one name and script that have different values now are not the same; of those with equal values the heap
 * tells, which takes a second or more in a big process.
 *
 * @returns A function of which that cannot be told; undefined if there is none.
 */
export function joinVariables(
  variables: Iterable<Variable>,
  inspector: ThreadInspector,
): { readonly by: ShipNode; readonly name: string } | undefined {
  const unclear = [...groupsOf(variables)].flatMap((group) => {
    if (!group.some(({ isAssigned }) => isAssigned)) return [];
    return group.filter((one) =>
      group.some((other) => other !== one && Object.is(other.held.value, one.held.value)),
    );
  });
  if (unclear.length === 0) return undefined;
  const scopes = unclear.map(({ held }) => ({ fn: held.by.value as object, scope: held.scope })); // all are functions
  const ids = contextIds(inspector, scopes);
  const first = new Map<string, HeldVariable>();
  for (const [at, variable] of unclear.entries()) {
    const id = ids[at];
    if (id === undefined) return { by: variable.held.by, name: variable.name };
    const key = `${id} ${variable.name}`;
    const same = first.get(key);
    if (same === undefined) {
      first.set(key, variable);
    } else {
      variable.same = same;
      same.isAssigned ||= variable.isAssigned;
    }
  }
  return undefined;
}

function groupsOf(variables: Iterable<Variable>): Iterable<readonly HeldVariable[]> {
  const groups = new Map<string, HeldVariable[]>();
  for (const variable of variables) {
    if (!isHeld(variable)) continue;
    const key = `${variable.held.scriptId} ${variable.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [variable]);
    else group.push(variable);
  }
  return groups.values();
}

function isHeld(variable: Variable): variable is HeldVariable {
  return variable.held !== undefined;
}
