import type { ThreadInspector } from './inspector.ts';

/** The part of a heap snapshot that is read. @see https://learn.microsoft.com/microsoft-edge/devtools/memory-problems/heap-snapshot-schema */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly (readonly string[] | string)[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** A scope around a function; 0 is the innermost. */
export interface ScopeOf {
  readonly fn: object;
  readonly scope: number;
}

/**
 * Tells which scopes of functions are one and the same: two closures of one call share its variables, those of two
 * calls do not. Nothing but the heap itself tells; so it is asked only where that matters.
 *
 * @returns An id for each scope; undefined where there is none to be found.
 */
export function contextIds(inspector: ThreadInspector, scopes: readonly ScopeOf[]): (number | undefined)[] {
  const { json, ids } = inspector.heapSnapshot(scopes.map(({ fn }) => fn));
  // V8's own format.
  const heap = new Heap(JSON.parse(json) as HeapSnapshot);
  return scopes.map(({ scope }, at) => {
    let context = heap.follow(heap.nodeOf(ids[at] ?? 0), 'context');
    for (let up = 0; up < scope; up++) context = heap.follow(context, 'previous');
    return context;
  });
}

class Heap {
  readonly #heap: HeapSnapshot;
  readonly #fields: number;
  readonly #edgeFields: number;
  /** The first edge of each node, by the node's index. */
  readonly #firstEdges = new Map<number, number>();
  readonly #byId = new Map<number, number>();

  constructor(heap: HeapSnapshot) {
    this.#heap = heap;
    const { node_fields: fields, edge_fields: edgeFields } = heap.snapshot.meta;
    this.#fields = fields.length;
    this.#edgeFields = edgeFields.length;
    const [id, count] = [fields.indexOf('id'), fields.indexOf('edge_count')];
    let edge = 0;
    for (let node = 0; node < heap.nodes.length; node += this.#fields) {
      this.#firstEdges.set(node, edge);
      this.#byId.set(heap.nodes[node + id] ?? 0, node);
      edge += heap.nodes[node + count] ?? 0;
    }
  }

  nodeOf(id: number): number | undefined {
    return this.#byId.get(id);
  }

  /** The node that the internal edge `name` of a node leads to. */
  follow(node: number | undefined, name: string): number | undefined {
    const first = node === undefined ? undefined : this.#firstEdges.get(node);
    if (node === undefined || first === undefined) return undefined;
    const { nodes, edges, strings, snapshot } = this.#heap;
    const count = nodes[node + snapshot.meta.node_fields.indexOf('edge_count')] ?? 0;
    const internal = snapshot.meta.edge_types[0]?.indexOf('internal') ?? -1;
    for (
      let edge = first * this.#edgeFields;
      edge < (first + count) * this.#edgeFields;
      edge += this.#edgeFields
    ) {
      if (edges[edge] === internal && strings[edges[edge + 1] ?? -1] === name) return edges[edge + 2];
    }
    return undefined;
  }
}
