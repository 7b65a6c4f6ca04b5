import { DuplicateNameError } from '../errors.ts';
import { allInputs, type AppliedPTransform } from '../model/applied-ptransform.ts';
import { byApplication } from './fragment.ts';

/**
 * Gives each transform its full name, unique in a fragment: "CountPerElement/CombinePerKey".
 *
 * A name is made of labels and position alone, so that it is the same when a cell runs again and in every fragment:
 *
 * - the label of each composite around it and its own, joined by "/";
 * - the second transform of a label along a path from the roots, in the same composite, is "Map 2";
 * - two that would still be named alike (siblings) are told apart in the order of application.
 *
 * What is upstream counts even when the fragment was cut below it, so a cut changes no name.
 *
 * @param transforms Primitives, as in a Fragment.
 * @returns Names of these, of all that is upstream of them and of the composites around them.
 * @throws {DuplicateNameError} if two of them, in one composite, were given the same name by withName.
 */
export function fullNames(transforms: readonly AppliedPTransform[]): ReadonlyMap<AppliedPTransform, string> {
  const primitives = withUpstream(transforms);
  const nodes = new Set(primitives.flatMap(withComposites));
  const scopes = byParent([...nodes].sort(byApplication));
  const upstream = siblingsUpstream(primitives);
  const names = new Map<AppliedPTransform, string>();
  // Outer composites first: a composite comes before its parts in the order of application.
  for (const [parent, siblings] of scopes) {
    const prefix = parent === undefined ? '' : `${names.get(parent) ?? parent.label}/`;
    for (const [node, name] of namesInScope(siblings, upstream, prefix)) names.set(node, `${prefix}${name}`);
  }
  return names;
}

function byParent(
  nodes: readonly AppliedPTransform[],
): ReadonlyMap<AppliedPTransform | undefined, readonly AppliedPTransform[]> {
  const scopes = new Map<AppliedPTransform | undefined, AppliedPTransform[]>();
  for (const node of nodes) {
    const siblings = scopes.get(node.parent);
    if (siblings === undefined) scopes.set(node.parent, [node]);
    else siblings.push(node);
  }
  return scopes;
}

function withUpstream(transforms: readonly AppliedPTransform[]): AppliedPTransform[] {
  const found = new Set<AppliedPTransform>();
  const open = [...transforms];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...allInputs(next).map((input) => input.producer));
  }
  return [...found].sort(byApplication);
}

/** The composites around `node`, outermost first, and itself. */
function withComposites(node: AppliedPTransform): AppliedPTransform[] {
  const path = [node];
  for (let parent = node.parent; parent !== undefined; parent = parent.parent) path.unshift(parent);
  return path;
}

/** By node: the nodes of the same composite that feed it directly, or through parts of theirs. */
function siblingsUpstream(
  primitives: readonly AppliedPTransform[],
): ReadonlyMap<AppliedPTransform, ReadonlySet<AppliedPTransform>> {
  const upstream = new Map<AppliedPTransform, Set<AppliedPTransform>>();
  for (const consumer of primitives) {
    const to = withComposites(consumer);
    for (const { producer } of allInputs(consumer)) {
      const from = withComposites(producer);
      const depth = to.findIndex((node, index) => node !== from[index]);
      const [source, target] = [from[depth], to[depth]];
      if (source === undefined || target === undefined) continue;
      const sources = upstream.get(target) ?? new Set();
      upstream.set(target, sources.add(source));
    }
  }
  return upstream;
}

function namesInScope(
  siblings: readonly AppliedPTransform[],
  upstream: ReadonlyMap<AppliedPTransform, ReadonlySet<AppliedPTransform>>,
  prefix: string,
): ReadonlyMap<AppliedPTransform, string> {
  const names = new Map<AppliedPTransform, string>();
  const taken = new Set<string>();
  for (const node of siblings.filter(({ isNamed }) => isNamed)) {
    if (taken.has(node.label)) throw new DuplicateNameError(`${prefix}${node.label}`);
    taken.add(node.label);
    names.set(node, node.label);
  }
  /** By node: how many of each label there are on the longest path to it, itself included. */
  const uses = new Map<AppliedPTransform, ReadonlyMap<string, number>>();
  for (const node of siblings) {
    const own = new Map<string, number>();
    for (const source of upstream.get(node) ?? []) {
      for (const [label, count] of uses.get(source) ?? []) {
        own.set(label, Math.max(count, own.get(label) ?? 0));
      }
    }
    let rank = (own.get(node.label) ?? 0) + 1;
    own.set(node.label, rank);
    uses.set(node, own);
    if (node.isNamed) continue;
    while (taken.has(numbered(node.label, rank))) rank++;
    taken.add(numbered(node.label, rank));
    names.set(node, numbered(node.label, rank));
  }
  return names;
}

function numbered(label: string, rank: number): string {
  return rank === 1 ? label : `${label} ${rank}`;
}
