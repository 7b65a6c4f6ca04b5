import { create } from '@bufbuild/protobuf';
import type { GraphEdge, GraphNode, GraphView } from '../../display/graph-view.ts';
import { ComponentsSchema, type Pipeline } from '../../proto/runner-api.ts';
import { StandardPTransforms_CompositesUrn as COMPOSITE } from '../../proto/urns.ts';
import { DEFINED_AT_ANNOTATION } from '../to-proto/annotations.ts';
import { nameOf } from './describe-pipeline.ts';
import { annotationText, modelKind, transformKind } from './transform-kind.ts';

/**
 * The graph of a portable pipeline, of any SDK: for a job that is only known by its id.
 *
 * What was one primitive in the notebook is one node here, under the same name; of other SDKs' pipelines, a
 * combine_per_key is. Ids are those of the proto, so that a runner's metrics can be put beside the nodes.
 */
export function pipelineGraph(pipeline: Pipeline): GraphView {
  const { transforms, ...components } = pipeline.components ?? create(ComponentsSchema);
  const nodes: GraphNode[] = [];
  /** By PCollection id: the node that makes it, and its tag there. */
  const producers = new Map<string, { readonly node: string; readonly tag: string }>();
  const readers: { readonly node: string; readonly inputs: readonly string[] }[] = [];
  const visit = (id: string, parent: GraphNode | undefined) => {
    const transform = transforms[id];
    if (transform === undefined) return;
    const { uniqueName, subtransforms, inputs, outputs, annotations, spec } = transform;
    const isOne =
      subtransforms.length === 0 ||
      modelKind(transform) !== undefined ||
      spec?.urn === COMPOSITE.COMBINE_PER_KEY;
    const isPart = parent !== undefined && uniqueName.startsWith(`${parent.fullName}/`);
    const place = annotationText(annotations, DEFINED_AT_ANNOTATION);
    const node: GraphNode = {
      id,
      label: isPart ? uniqueName.slice(parent.fullName.length + 1) : uniqueName,
      fullName: uniqueName,
      kind: isOne ? transformKind(transform) : 'composite',
      ...(parent && { parent: parent.id }),
      ...(place !== undefined && { definedAt: place }),
    };
    nodes.push(node);
    if (!isOne) {
      for (const part of subtransforms) visit(part, node);
      return;
    }
    for (const [tag, output] of Object.entries(outputs)) producers.set(output, { node: id, tag });
    readers.push({ node: id, inputs: Object.values(inputs) });
  };
  for (const id of pipeline.rootTransformIds) visit(id, undefined);
  const edges = readers.flatMap(({ node, inputs }) =>
    inputs.flatMap((input): GraphEdge[] => {
      const from = producers.get(input);
      if (from === undefined || components.pcollections[input] === undefined) return [];
      const isMain = from.tag === 'main' || Object.keys(transforms[from.node]?.outputs ?? {}).length === 1;
      return [{ from: from.node, to: node, ...(!isMain && { label: from.tag }) }];
    }),
  );
  return { title: nameOf(pipeline) ?? 'A pipeline without a name', nodes, edges };
}
