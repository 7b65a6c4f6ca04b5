import type { FinalNames } from './unit-text.ts';
import type { Unit } from './unit.ts';

/** How imports are written. */
export interface ImportLinesOptions {
  readonly names: FinalNames;
  /** False for a name that is only a type. */
  readonly isValue: (unit: Unit) => boolean;
  /** What to write for a specifier; itself, if not given. */
  readonly specifierOf?: (specifier: string) => string;
}

/** The import statements of a module, one a specifier where that can be, each name once. */
export function importLines(units: readonly Unit[], options: ImportLinesOptions): readonly string[] {
  const { names, isValue, specifierOf = (specifier: string) => specifier } = options;
  const modules = new Map<
    string,
    { effect: boolean; whole: Set<string>; first: Set<string>; members: Set<string> }
  >();
  for (const unit of units) {
    if (unit.imported === undefined) continue;
    const { specifier, imported } = unit.imported;
    const module = modules.get(specifier) ?? {
      effect: false,
      whole: new Set(),
      first: new Set(),
      members: new Set(),
    };
    modules.set(specifier, module);
    const [identifier] = unit.names;
    if (identifier === undefined) {
      module.effect = true;
      continue;
    }
    const local = names.of(unit, identifier.text);
    const isType = !isValue(unit);
    if (imported === '*') module.whole.add(local);
    else if (imported === 'default' && !isType) module.first.add(local);
    else
      module.members.add(`${isType ? 'type ' : ''}${imported === local ? local : `${imported} as ${local}`}`);
  }
  return [...modules].flatMap(([specifier, module]) => {
    const from = `'${specifierOf(specifier)}'${specifier.endsWith('.json') ? " with { type: 'json' }" : ''};`;
    const [first, ...others] = module.first;
    const members = [...others.map((name) => `default as ${name}`), ...[...module.members].sort()];
    const clauses = [
      ...(first === undefined ? [] : [first]),
      ...(members.length === 0 ? [] : [braced(members)]),
    ];
    return [
      ...(module.effect ? [`import ${from}`] : []),
      ...[...module.whole].map((name) => `import * as ${name} from ${from}`),
      ...(clauses.length === 0 ? [] : [`import ${clauses.join(', ')} from ${from}`]),
    ];
  });
}

function braced(members: readonly string[]): string {
  // A statement of types alone imports nothing at run time.
  return `{ ${members.join(', ')} }`;
}
