import { definedAt } from '../display/defined-at.ts';
import type { GraphEdge, GraphNode, GraphView } from '../display/graph-view.ts';
import { fragment } from '../graph/fragment.ts';
import { fullNames } from '../graph/names.ts';
import { allInputs, type AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Steps } from './steps.ts';

/** The graph that makes `targets`: its steps with what is known of their last execution, composites as boxes. */
export function graphView(targets: readonly PCollection<unknown>[], steps: Steps): GraphView {
  const { transforms } = fragment(targets);
  const names = fullNames(transforms);
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const nameOf = (transform: AppliedPTransform) => names.get(transform) ?? transform.label;
  for (const transform of transforms) {
    for (let at: AppliedPTransform | undefined = transform; at !== undefined; at = at.parent) {
      const fullName = nameOf(at);
      if (nodes.has(fullName)) break;
      const place = definedAt(at.appliedAt.stack);
      nodes.set(fullName, {
        id: fullName,
        label: fullName.slice(fullName.lastIndexOf('/') + 1),
        fullName,
        kind: at.spec?.kind ?? 'composite',
        ...(at.parent && { parent: nameOf(at.parent) }),
        ...(at.spec && statsOf(steps, fullName)),
        ...(place !== undefined && { definedAt: place }),
      });
    }
    for (const input of allInputs(transform)) {
      const from = nameOf(input.producer);
      const elements = steps[from]?.elements[input.tag];
      edges.push({
        from,
        to: nameOf(transform),
        ...(input.tag !== 'main' && { label: input.tag }),
        ...(elements !== undefined && { elements }),
      });
    }
  }
  const [first] = targets;
  return {
    title: first === undefined ? 'An empty pipeline' : first.pipeline.name,
    nodes: [...nodes.values()],
    edges,
  };
}

function statsOf(steps: Steps, fullName: string): Partial<GraphNode> {
  const step = steps[fullName];
  if (step === undefined) return {};
  const elements = Object.values(step.elements).reduce((sum, count) => sum + count, 0);
  const { dropped, metrics } = step;
  return {
    elements,
    ...(dropped !== undefined && { dropped }),
    ...(metrics !== undefined && { metrics }),
    ms: step.ms,
    mark: step.isSample ? 'sample' : step.fromCache ? 'cached' : 'recomputed',
  };
}
