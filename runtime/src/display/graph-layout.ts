import { formatCount, formatDuration } from './format.ts';
import { foldGraph } from './graph-fold.ts';
import { GROUP_HEAD, placesOf, type Box, type Dagre } from './graph-places.ts';
import type { GraphEdge, GraphNode, GraphView } from './graph-view.ts';
import { displayWidth, fit } from './text-width.ts';

/** A step with its place and the text on it. */
export interface PlacedNode extends Box {
  readonly node: GraphNode;
  /** Its name, shortened, on one or two lines. */
  readonly label: readonly string[];
  /** "1,234,567 · 0.42 s"; empty if nothing is known. */
  readonly facts: string;
}

/** A composite as a box around its parts. */
export interface PlacedGroup extends Box {
  readonly node: GraphNode;
  readonly label: string;
  /** 0 for one that is in no other. */
  readonly depth: number;
}

/** An edge as a line through points. */
export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** True for a line of straight pieces, as between two rows; else it is drawn as a curve. */
  readonly isAngular?: boolean;
  readonly label: string;
  /** The middle of the label. */
  readonly labelAt: { readonly x: number; readonly y: number };
}

/** A graph ready to be drawn. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly direction: 'LR' | 'TB';
  readonly nodes: readonly PlacedNode[];
  /** Outer ones first. */
  readonly groups: readonly PlacedGroup[];
  readonly edges: readonly PlacedEdge[];
}

/** The width of a notebook's output, in pixels. */
const PAGE = 900;
/** Wider than this, a graph from left to right would be scaled down beyond reading. */
const WIDEST = PAGE * 1.15;
const LABEL_WIDTH = 18;
/** Of the fonts that a browser may take, the widest: pixels for a character. */
const CHARACTER = 7.9;
const LINE = 16;

/**
 * Places a graph's steps, composites and edges with dagre: of what fits a notebook's width, in the way that is the least
 * tall: from left to right, folded into several such rows, or from top to bottom.
 *
 * Edges of a composite are drawn to its first and from its last part; edges of unknown ids are left out.
 */
export async function layoutGraph(view: GraphView): Promise<GraphLayout> {
  const dagre = (await import('@dagrejs/dagre')) as unknown as Dagre; // see there
  const sideways = layoutIn(dagre, view, 'LR');
  const inRows = sideways.width <= WIDEST ? sideways : foldGraph(sideways, WIDEST);
  const downwards = layoutIn(dagre, view, 'TB');
  if (inRows === undefined) return downwards;
  return downwards.width <= WIDEST && downwards.height < inRows.height ? downwards : inRows;
}

function layoutIn(dagre: Dagre, view: GraphView, direction: GraphLayout['direction']): GraphLayout {
  const tree = new Tree(view.nodes);
  const labels = new Map(tree.leaves.map((node) => [node.id, labelOf(node)]));
  const edges = drawable(view, tree);
  const places = placesOf(dagre, {
    direction,
    leaves: tree.leaves.map((node) => ({ id: node.id, ...sizeOf(node, labels.get(node.id) ?? []) })),
    groups: tree.groups.map(({ id }) => ({ id })),
    parents: view.nodes.flatMap((node) => {
      const parent = tree.parentOf(node);
      return parent === undefined ? [] : [[node.id, parent.id] as const];
    }),
    edges: edges.map(({ edge, from, to }) => {
      const text = edgeLabel(edge, view);
      return { from, to, labelWidth: text === '' ? 0 : displayWidth(text) * 6 + 8 };
    }),
  });
  const boxOf = (id: string) => places.boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  return {
    width: places.width,
    height: places.height,
    direction,
    nodes: tree.leaves.map((node) => ({
      node,
      label: labels.get(node.id) ?? [],
      facts: factsOf(node),
      ...boxOf(node.id),
    })),
    groups: tree.groups
      .map((node) => ({
        node,
        label: fit(node.label, 40),
        depth: tree.depthOf(node),
        ...withHead(boxOf(node.id)),
      }))
      .sort((a, b) => a.depth - b.depth),
    edges: edges.map(({ edge, from, to }, index) => {
      const placed = places.edges[index] ?? { points: [], x: 0, y: 0 };
      const points = attach(placed.points, direction, [boxOf(from), boxOf(to)]);
      const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
      const label = edgeLabel(edge, view);
      return { edge, points, label, labelAt: label === '' ? middle : { x: placed.x, y: placed.y } };
    }),
  };
}

/** Which nodes hold which. A parent that is unknown, or that would close a circle, is no parent. */
class Tree {
  readonly leaves: readonly GraphNode[];
  readonly groups: readonly GraphNode[];
  readonly #byId: ReadonlyMap<string, GraphNode>;

  constructor(nodes: readonly GraphNode[]) {
    this.#byId = new Map(nodes.map((node) => [node.id, node]));
    const own = [...this.#byId.values()];
    const parents = new Set(own.map((node) => this.parentOf(node)?.id));
    this.groups = own.filter((node) => parents.has(node.id));
    this.leaves = own.filter((node) => !parents.has(node.id));
  }

  parentOf(node: GraphNode): GraphNode | undefined {
    const parent = this.#byId.get(node.parent ?? '');
    let at = parent;
    for (let steps = 0; at !== undefined; steps++) {
      if (at.id === node.id || steps > this.#byId.size) return undefined;
      at = this.#byId.get(at.parent ?? '');
    }
    return parent;
  }

  depthOf(node: GraphNode): number {
    const parent = this.parentOf(node);
    return parent === undefined ? 0 : this.depthOf(parent) + 1;
  }

  /** The node itself if it is a leaf, else the first or last leaf in it; undefined for an unknown id. */
  leafOf(id: string, which: 'first' | 'last'): string | undefined {
    const node = this.#byId.get(id);
    if (node === undefined) return undefined;
    if (!this.groups.includes(node)) return id;
    const inside = this.leaves.filter((leaf) => this.#isIn(leaf, node));
    return (which === 'first' ? inside[0] : inside.at(-1))?.id;
  }

  #isIn(node: GraphNode, group: GraphNode): boolean {
    for (let at = this.parentOf(node); at !== undefined; at = this.parentOf(at)) {
      if (at === group) return true;
    }
    return false;
  }
}

interface Drawable {
  readonly edge: GraphEdge;
  readonly from: string;
  readonly to: string;
}

function drawable(view: GraphView, tree: Tree): Drawable[] {
  return view.edges.flatMap((edge) => {
    const from = tree.leafOf(edge.from, 'last');
    const to = tree.leafOf(edge.to, 'first');
    return from === undefined || to === undefined ? [] : [{ edge, from, to }];
  });
}

/** The tag, and the count where the step that it comes from does not say the same. */
function edgeLabel(edge: GraphEdge, view: GraphView): string {
  const from = view.nodes.find((node) => node.id === edge.from);
  const count =
    edge.elements === undefined || edge.elements === from?.elements ? undefined : formatCount(edge.elements);
  return [edge.label === undefined ? undefined : fit(edge.label, 20), count]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function factsOf({ elements, dropped, ms }: GraphNode): string {
  return [
    elements === undefined ? undefined : formatCount(elements),
    dropped === undefined ? undefined : `${formatCount(dropped)} dropped`,
    ms === undefined ? undefined : formatDuration(ms),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** A name on one line, or on two if it is long: broken at a bracket, a space or a new word. */
function labelOf({ label }: GraphNode): string[] {
  if (displayWidth(label) <= LABEL_WIDTH) return [label];
  const breaks = [...label.matchAll(/(?<=[a-z0-9)\] _.:-])(?=[A-Z([])|(?<=[ _.:/-])/g)]
    .map(({ index }) => index)
    .filter((index) => index > 2 && displayWidth(label.slice(0, index)) <= LABEL_WIDTH);
  const bracket = label.indexOf('(');
  const at = breaks.includes(bracket) ? bracket : breaks.at(-1);
  if (at === undefined) return [fit(label, LABEL_WIDTH)];
  return [label.slice(0, at).trimEnd(), fit(label.slice(at), LABEL_WIDTH)];
}

function sizeOf(node: GraphNode, label: readonly string[]): { width: number; height: number } {
  const facts = displayWidth(factsOf(node)) * 6.1 + (node.mark === undefined ? 0 : 12);
  const text = Math.max(...label.map(displayWidth)) * CHARACTER;
  return {
    width: Math.ceil(Math.max(76, text, facts) + 24),
    height: 18 + label.length * LINE + (facts === 0 ? 0 : 15),
  };
}

function withHead({ x, y, width, height }: Box): Box {
  return { x, y: y - GROUP_HEAD, width, height: height + GROUP_HEAD };
}

/** Keeps the ends of a line off the round corners of the steps that it joins; dagre aims at their middles. */
function attach(
  points: readonly { readonly x: number; readonly y: number }[],
  direction: GraphLayout['direction'],
  [from, to]: readonly [Box, Box],
): { x: number; y: number }[] {
  const isForward = direction === 'LR' ? from.x + from.width < to.x : from.y + from.height < to.y;
  return points.map((point, index) => {
    if (!isForward || (index > 0 && index < points.length - 1)) return { ...point };
    const box = index === 0 ? from : to;
    const within = (at: number, start: number, size: number) =>
      Math.min(Math.max(at, start + size / 4), start + size - size / 4);
    return direction === 'LR'
      ? { x: index === 0 ? box.x + box.width : box.x, y: within(point.y, box.y, box.height) }
      : { x: within(point.x, box.x, box.width), y: index === 0 ? box.y + box.height : box.y };
  });
}
