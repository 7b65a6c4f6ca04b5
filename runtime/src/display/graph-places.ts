/** A rectangle by its left upper corner, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Room for a composite's name, above its parts. */
export const GROUP_HEAD = 10;

/** What is used of dagre; its own declarations name files in a way that TypeScript's NodeNext does not find. */
export interface Dagre {
  readonly Graph: new (options: { readonly multigraph: true; readonly compound: true }) => DagreGraph;
  layout(graph: DagreGraph): unknown;
}

interface DagreGraph {
  setGraph(label: object): unknown;
  setNode(id: string, label: object): unknown;
  setParent(id: string, parent: string): unknown;
  setEdge(from: string, to: string, label: object, name: string): unknown;
  graph(): unknown;
  node(id: string): unknown;
  edge(from: string, to: string, name: string): unknown;
}

/** What dagre is told of a graph, and nothing else: two with the same outline have the same layout. */
export interface Outline {
  readonly direction: 'LR' | 'TB';
  readonly leaves: readonly { readonly id: string; readonly width: number; readonly height: number }[];
  readonly groups: readonly { readonly id: string }[];
  readonly parents: readonly (readonly [child: string, parent: string])[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly labelWidth: number }[];
}

/** Where dagre puts things. */
export interface Places {
  readonly width: number;
  readonly height: number;
  /** By the node's id. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** In the order of the outline's. */
  readonly edges: readonly {
    readonly points: readonly { readonly x: number; readonly y: number }[];
    readonly x: number;
    readonly y: number;
  }[];
}

/** Layouts that are kept: a view that is drawn anew each second shows other numbers, mostly in the same places. */
const KEPT = 16;
const kept = new Map<string, Places>();

/** Has dagre place a graph, or takes the places that an equal one has. */
export function placesOf(dagre: Dagre, outline: Outline): Places {
  const key = JSON.stringify(outline);
  const places = kept.get(key) ?? place(dagre, outline);
  // The last used is the last to go.
  kept.delete(key);
  kept.set(key, places);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return places;
}

function place(dagre: Dagre, { direction, leaves, groups, parents, edges }: Outline): Places {
  const graph = new dagre.Graph({ multigraph: true, compound: true });
  graph.setGraph({
    rankdir: direction,
    nodesep: direction === 'LR' ? 18 : 26,
    ranksep: direction === 'LR' ? 32 : 34,
    edgesep: 14,
    marginx: 12,
    marginy: 12 + (groups.length > 0 ? GROUP_HEAD : 0),
  });
  for (const { id, width, height } of leaves) graph.setNode(id, { width, height });
  for (const { id } of groups) graph.setNode(id, {});
  for (const [child, parent] of parents) graph.setParent(child, parent);
  for (const [index, { from, to, labelWidth }] of edges.entries()) {
    const label = { width: labelWidth, height: labelWidth === 0 ? 0 : 14, labelpos: 'c' };
    graph.setEdge(from, to, label, `e${index}`);
  }
  dagre.layout(graph);
  const size = graph.graph();
  return {
    width: Math.ceil(numberOf(size, 'width')),
    height: Math.ceil(numberOf(size, 'height')),
    boxes: new Map([...leaves, ...groups].map(({ id }) => [id, boxOf(graph.node(id))])),
    edges: edges.map(({ from, to }, index) => {
      const placed = graph.edge(from, to, `e${index}`);
      return { points: pointsOf(placed), x: numberOf(placed, 'x'), y: numberOf(placed, 'y') };
    }),
  };
}

/** dagre gives the middle of a box. */
function boxOf(placed: unknown): Box {
  const width = numberOf(placed, 'width');
  const height = numberOf(placed, 'height');
  return { x: numberOf(placed, 'x') - width / 2, y: numberOf(placed, 'y') - height / 2, width, height };
}

function pointsOf(placed: unknown): { x: number; y: number }[] {
  // dagre puts the points that it chose on the label object it was given.
  const { points } = placed as { readonly points?: readonly unknown[] };
  return (points ?? []).map((point) => ({ x: numberOf(point, 'x'), y: numberOf(point, 'y') }));
}

function numberOf(target: unknown, key: string): number {
  const value = (target as Readonly<Record<string, unknown>> | undefined)?.[key]; // a label object of dagre
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
