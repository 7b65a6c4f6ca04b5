import ts from '#typescript';
import type { Reference, Unit } from './unit.ts';

/** A call of one of the runtime's readers or writers. */
export interface IoCall {
  readonly kind: 'read' | 'write';
  readonly call: ts.CallExpression;
}

/** The calls of `beam.io.readFrom…` and `beam.io.writeTo…` in a unit, also those inside its functions. */
export function ioCalls(unit: Unit, references: ReadonlyMap<Unit, readonly Reference[]>): readonly IoCall[] {
  const calls: IoCall[] = [];
  for (const { identifier, targets } of references.get(unit) ?? []) {
    if (!targets.some(({ imported }) => imported?.specifier === 'millrace')) continue;
    let at: ts.Expression = identifier;
    while (ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at) at = at.parent;
    if (!ts.isCallExpression(at.parent) || at.parent.expression !== at) continue;
    const name = ts.isPropertyAccessExpression(at) ? at.name.text : identifier.text;
    if (/^readFrom[A-Z]/.test(name)) calls.push({ kind: 'read', call: at.parent });
    else if (/^writeTo[A-Z]/.test(name)) calls.push({ kind: 'write', call: at.parent });
  }
  return calls;
}

/** Whether a unit, or a function that it declares, applies a step that writes files. */
export function isWriting(unit: Unit, references: ReadonlyMap<Unit, readonly Reference[]>): boolean {
  return ioCalls(unit, references).some(({ kind }) => kind === 'write');
}
