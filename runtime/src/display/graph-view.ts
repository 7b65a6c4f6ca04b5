/** How a step got its elements the last time; 'running' and 'done' are those of a job. */
export type GraphMark = 'cached' | 'recomputed' | 'failed' | 'sample' | 'running' | 'done';

/** One step of a pipeline, or a composite of steps. */
export interface GraphNode {
  readonly id: string;
  /** Its own name: "CombinePerKey". */
  readonly label: string;
  /** With its composites' names: "CountPerElement/CombinePerKey". */
  readonly fullName: string;
  /** The primitive's kind, or "composite". */
  readonly kind: string;
  /** The id of the composite that it is a part of. */
  readonly parent?: string;
  /** How many elements it gave. */
  readonly elements?: number;
  /** How many elements it dropped, as they came too late for their windows. */
  readonly dropped?: number;
  /** What its functions reported: a line for each metric. */
  readonly metrics?: readonly string[];
  /** How long it took, in milliseconds. */
  readonly ms?: number;
  readonly mark?: GraphMark;
  /** Where it was applied: "cell 7, line 3". */
  readonly definedAt?: string;
}

/** A PCollection on its way from the step that makes it to one that reads it. */
export interface GraphEdge {
  /** Id of a node. */
  readonly from: string;
  /** Id of a node. */
  readonly to: string;
  /** The output's tag, where it is not the main one. */
  readonly label?: string;
  readonly elements?: number;
}

/** A pipeline's graph as data, before anyone draws it. Steps come before those that read them. */
export interface GraphView {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
