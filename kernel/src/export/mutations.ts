import ts from '#typescript';
import type { Reference, Unit } from './unit.ts';

/** Methods that change what they are called on, in JavaScript's own classes. */
const CHANGING: ReadonlySet<string> = new Set([
  ...['add', 'set', 'delete', 'clear'],
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'],
  ...['setTime', 'setDate', 'setMonth', 'setFullYear', 'setHours', 'setMinutes', 'setSeconds'],
]);
/** Global functions that change their arguments. */
const CHANGING_GLOBALS =
  /^(Object\.(assign|define\w+|setPrototypeOf|freeze|seal|preventExtensions)|Reflect\.\w+)$/;

/** What running a unit may do to what other units declare. */
export interface Mutations {
  /** It certainly changes what these declare. */
  readonly certain: ReadonlySet<Unit>;
  /** It may: they take part in a call whose result is dropped. */
  readonly possible: ReadonlySet<Unit>;
  /** It changes something that belongs to no cell: `process.env.TZ = 'UTC'`. */
  readonly isGlobal: boolean;
}

/** Finds what the statements of a notebook change, so that a slice takes these with what they change. */
export class MutationFinder {
  readonly #references: ReadonlyMap<Unit, readonly Reference[]>;
  /** True for what no call changes: PCollections and pipelines. */
  readonly #isImmutable: (unit: Unit) => boolean;
  readonly #called = new Map<Unit, ReadonlySet<Unit>>();

  constructor(
    references: ReadonlyMap<Unit, readonly Reference[]>,
    { isImmutable }: { readonly isImmutable: (unit: Unit) => boolean },
  ) {
    this.#references = references;
    this.#isImmutable = isImmutable;
  }

  /** What running `unit` once, in its cell, may change. */
  of(unit: Unit): Mutations {
    const certain = new Set<Unit>();
    const possible = new Set<Unit>();
    let isGlobal = false;
    const isDropped = unit.kind === 'effect' && !unit.isShown;
    for (const reference of this.#references.get(unit) ?? []) {
      const { targets, use, isDeferred } = reference;
      if (!isDeferred) {
        if (isChange(reference)) addAll(certain, this.#changeable(reference));
        else if (
          isDropped &&
          (use === 'receive' || use === 'give') &&
          !isGivenToGlobal(reference, this.#references)
        ) {
          addAll(possible, this.#changeable(reference));
        }
        isGlobal ||= targets.length === 0 && (use === 'write' || use === 'change');
      }
      // What it names, it may call.
      for (const target of targets) if (target !== unit) addAll(certain, this.#changedByCalling(target));
    }
    for (const set of [certain, possible]) set.delete(unit);
    return { certain, possible, isGlobal };
  }

  /** What the functions that `unit` declares change when they are called. */
  #changedByCalling(unit: Unit): ReadonlySet<Unit> {
    const known = this.#called.get(unit);
    if (known !== undefined) return known;
    const changed = new Set<Unit>();
    this.#called.set(unit, changed); // functions that call each other end here
    for (const reference of this.#references.get(unit) ?? []) {
      if (!reference.isDeferred) continue;
      if (isChange(reference)) addAll(changed, this.#changeable(reference));
      for (const target of reference.targets)
        if (target !== unit) addAll(changed, this.#changedByCalling(target));
    }
    return changed;
  }

  #changeable({ targets, use }: Reference): readonly Unit[] {
    return targets.filter(
      (target) => target.kind === 'value' && (use === 'write' || !this.#isImmutable(target)),
    );
  }
}

function isChange({ use, method, callee, targets }: Reference): boolean {
  if (use === 'write' || use === 'change') return true;
  if (use === 'receive') return method !== undefined && CHANGING.has(method);
  return (
    use === 'give' && targets.length > 0 && callee !== undefined && CHANGING_GLOBALS.test(callee.getText())
  );
}

/** JavaScript's own functions, and the console, leave their arguments as they are. */
function isGivenToGlobal(
  { callee }: Reference,
  references: ReadonlyMap<Unit, readonly Reference[]>,
): boolean {
  if (callee === undefined) return false;
  let root: ts.Node = callee;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  for (const list of references.values()) {
    const found = list.find(({ identifier }) => identifier === root);
    if (found !== undefined) return found.targets.length === 0;
  }
  return false;
}

function addAll<T>(set: Set<T>, values: Iterable<T>): void {
  for (const value of values) set.add(value);
}
