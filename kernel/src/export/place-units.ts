import ts from '#typescript';
import type { ReplacedLiteral } from './project-option.ts';
import type { Slice } from './slice.ts';
import type { Reference, Unit } from './unit.ts';

/**
 * Decides which units go into the function that builds the pipeline: those that are a part of it, that read an option or
 * wait for something, that stand on one of these, or that one of these changes. The others become the module's own.
 */
export function unitsInside(
  slice: Slice,
  context: {
    readonly references: ReadonlyMap<Unit, readonly Reference[]>;
    readonly literals: readonly ReplacedLiteral[];
  },
): ReadonlySet<Unit> {
  const inside = new Set<Unit>(context.literals.map(({ unit }) => unit));
  const parameters = new Set(slice.parameters);
  const units = slice.units.filter(({ kind }) => kind !== 'import');
  for (const unit of units) if (slice.isOfPipeline(unit) || hasAwait(unit)) inside.add(unit);
  let size = -1;
  while (size !== inside.size) {
    size = inside.size;
    for (const unit of units) {
      const targets = (context.references.get(unit) ?? []).flatMap((reference) => reference.targets);
      if (targets.some((target) => parameters.has(target) || inside.has(target))) inside.add(unit);
      if (inside.has(unit)) {
        for (const changed of slice.changes(unit)) if (units.includes(changed)) inside.add(changed);
      }
    }
  }
  return inside;
}

/** Whether a unit waits for something when it runs. */
export function hasAwait({ node }: Unit): boolean {
  const visit = (part: ts.Node): boolean => {
    if (ts.isFunctionLike(part)) return false;
    if (ts.isAwaitExpression(part) || (ts.isForOfStatement(part) && part.awaitModifier !== undefined))
      return true;
    return ts.forEachChild(part, visit) ?? false;
  };
  return visit(node);
}
