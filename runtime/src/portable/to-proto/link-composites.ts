import type { PTransform } from '../../proto/runner-api.ts';

/**
 * Gives composites their parts, their inputs and their outputs; and gives the ids of the roots.
 *
 * A composite takes what its parts take from outside, and gives what they make for others, or for nobody. Parts and
 * roots stand in the order of `transforms`.
 *
 * @param transforms By id; a part of no composite has all of its own fields already.
 * @param parents By id of a transform: the id of its composite; undefined for a root.
 */
export function linkComposites(
  transforms: ReadonlyMap<string, PTransform>,
  parents: ReadonlyMap<string, string | undefined>,
): string[] {
  const roots: string[] = [];
  for (const id of transforms.keys()) {
    const parent = parents.get(id);
    const composite = parent === undefined ? undefined : transforms.get(parent);
    if (composite === undefined) roots.push(id);
    else composite.subtransforms.push(id);
  }
  const leaves = [...transforms].filter(([, { subtransforms }]) => subtransforms.length === 0);
  const composites = new Map(leaves.map(([id]) => [id, compositesAround(id, parents)]));
  const producers = new Map<string, string>();
  const consumers = new Map<string, string[]>();
  for (const [id, leaf] of leaves) {
    for (const output of Object.values(leaf.outputs)) producers.set(output, id);
    for (const input of Object.values(leaf.inputs)) {
      const known = consumers.get(input);
      if (known === undefined) consumers.set(input, [id]);
      else known.push(id);
    }
  }
  for (const [id, leaf] of leaves) {
    for (const composite of composites.get(id) ?? []) {
      const isInside = (other: string) => composites.get(other)?.has(composite) === true;
      const whole = transforms.get(composite);
      if (whole === undefined) continue;
      for (const input of Object.values(leaf.inputs)) {
        const producer = producers.get(input);
        if (producer === undefined || !isInside(producer)) put(whole.inputs, input, 'in');
      }
      for (const [tag, output] of Object.entries(leaf.outputs)) {
        const takers = consumers.get(output) ?? [];
        if (takers.length === 0 || !takers.every(isInside)) put(whole.outputs, output, tag);
      }
    }
  }
  return roots;
}

function compositesAround(id: string, parents: ReadonlyMap<string, string | undefined>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = parents.get(id); at !== undefined; at = parents.get(at)) found.add(at);
  return found;
}

/** Adds a PCollection under a local name that is free; once. */
function put(to: Record<string, string>, pcollection: string, name: string): void {
  if (Object.values(to).includes(pcollection)) return;
  let local = name;
  for (let number = 2; local in to; number++) local = `${name}${number}`;
  to[local] = pcollection;
}
