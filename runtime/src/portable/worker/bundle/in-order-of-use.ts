import type { PTransform } from '../../../proto/runner-api.ts';

/**
 * The transforms of a bundle descriptor by id, producers first; of those that may come next, the lesser id comes first, so
 * that the order is the same each time.
 *
 * A PCollection that no transform makes, or a cycle, is not this function's to refuse: what needs it comes last.
 */
export function inOrderOfUse(
  transforms: Readonly<Record<string, PTransform>>,
): readonly [string, PTransform][] {
  const open = new Map(Object.entries(transforms).sort(([a], [b]) => (a < b ? -1 : 1)));
  const unmade = new Map<string, number>();
  for (const { outputs } of open.values()) {
    for (const id of Object.values(outputs)) unmade.set(id, 1 + (unmade.get(id) ?? 0));
  }
  const ordered: [string, PTransform][] = [];
  while (open.size > 0) {
    const next =
      [...open].find(([, { inputs }]) => Object.values(inputs).every((id) => (unmade.get(id) ?? 0) === 0)) ??
      [...open][0];
    if (next === undefined) break;
    open.delete(next[0]);
    for (const id of Object.values(next[1].outputs)) unmade.set(id, (unmade.get(id) ?? 1) - 1);
    ordered.push(next);
  }
  return ordered;
}
