import type { GraphLayout, PlacedEdge } from './graph-layout.ts';
import type { Box } from './graph-places.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between two rows, in pixels. */
const ROW_GAP = 26;
/** Room at both ends of a row for the line that goes on in the next one. */
const TURN = 14;

/**
 * Folds a graph that runs from left to right into rows of at most `width` pixels, as a text breaks its lines.
 *
 * It is cut only where one single edge passes and no composite stands; undefined if a part between two such places is
 * wider than a row.
 */
export function foldGraph(layout: GraphLayout, width: number): GraphLayout | undefined {
  const cuts = chooseCuts(layout, width);
  if (cuts === undefined) return undefined;
  const rows = cuts.map((start, index) => rowOf(layout, { start, end: cuts[index + 1] ?? layout.width }));
  let top = 0;
  const shifts = rows.map((row) => {
    const shift = { x: TURN - row.left, y: top - row.top };
    top += row.bottom - row.top + ROW_GAP;
    return shift;
  });
  const rowAt = (x: number) =>
    Math.max(
      0,
      cuts.findLastIndex((cut) => cut <= x),
    );
  const move = (point: Point): Point => {
    const shift = shifts[rowAt(point.x)] ?? { x: 0, y: 0 };
    return { x: point.x + shift.x, y: point.y + shift.y };
  };
  const place = <T extends Box>(box: T): T => ({ ...box, ...move(box) });
  const nodes = layout.nodes.map(place);
  const right = Math.max(...nodes.map((node) => node.x + node.width));
  return {
    ...layout,
    width: Math.ceil(
      Math.max(right, ...layout.groups.map(place).map((group) => group.x + group.width)) + 2 * TURN,
    ),
    height: Math.ceil(top - ROW_GAP),
    nodes,
    groups: layout.groups.map(place),
    edges: layout.edges.map((edge) => moveEdge(edge, { rowAt, move, rows, shifts })),
  };
}

/** Where rows begin, the first at 0; undefined if one would be too wide. */
function chooseCuts(layout: GraphLayout, width: number): number[] | undefined {
  const places = cutPlaces(layout);
  const cuts = [0];
  // As few rows as can be, of about the same width.
  const even = layout.width / Math.ceil(layout.width / width);
  for (let start = 0; layout.width - start > width;) {
    const reachable = places.filter((place) => place > start && place - start <= width);
    const next = reachable.find((place) => place - start >= even * 0.98) ?? reachable.at(-1);
    if (next === undefined) return undefined;
    cuts.push(next);
    start = next;
  }
  return cuts;
}

/** The gaps between steps, or between a step and a composite, that one single edge crosses. */
function cutPlaces({ nodes, groups, edges }: GraphLayout): number[] {
  const boxes = [...nodes, ...groups];
  return boxes
    .map((box) => box.x - 1)
    .filter((x) => boxes.every((box) => x <= box.x || x >= box.x + box.width))
    .filter((x) => edges.filter((edge) => startOf(edge).x < x && endOf(edge).x > x).length === 1)
    .filter((x, index, all) => all.indexOf(x) === index)
    .sort((a, b) => a - b);
}

interface Row {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function rowOf(
  { nodes, groups, edges }: GraphLayout,
  { start, end }: { readonly start: number; readonly end: number },
): Row {
  const boxes = [...nodes, ...groups].filter((box) => box.x >= start && box.x < end);
  const lines = edges
    .filter((edge) => startOf(edge).x >= start && endOf(edge).x < end)
    .flatMap((edge) => edge.points);
  return {
    left: Math.min(...boxes.map(({ x }) => x)) - 12,
    right: Math.max(...boxes.map(({ x, width }) => x + width)),
    top: Math.min(...boxes.map(({ y }) => y), ...lines.map(({ y }) => y)) - 12,
    bottom: Math.max(...boxes.map(({ y, height }) => y + height), ...lines.map(({ y }) => y)) + 12,
  };
}

interface Folding {
  readonly rowAt: (x: number) => number;
  readonly move: (point: Point) => Point;
  readonly rows: readonly Row[];
  readonly shifts: readonly Point[];
}

/** An edge within a row moves with it; one between rows goes round: out to the right, and in from the left. */
function moveEdge(edge: PlacedEdge, { rowAt, move, rows, shifts }: Folding): PlacedEdge {
  const [first, last] = [startOf(edge), endOf(edge)];
  const [from, to] = [rowAt(first.x), rowAt(last.x)];
  if (from === to) {
    return { ...edge, points: edge.points.map(move), labelAt: move(edge.labelAt) };
  }
  const start = move(first);
  const shift = shifts[to] ?? { x: 0, y: 0 };
  const end = { x: last.x + shift.x, y: last.y + shift.y };
  // Outside of all that stands in either row, composites included.
  const right = (rows[from]?.right ?? first.x) + (shifts[from]?.x ?? 0) + TURN;
  const left = (rows[to]?.left ?? last.x) + shift.x - TURN / 2;
  const between = (rows[to]?.top ?? 0) + shift.y - ROW_GAP / 2;
  const points = [
    start,
    { x: right, y: start.y },
    { x: right, y: between },
    { x: left, y: between },
    { x: left, y: end.y },
    end,
  ];
  return { ...edge, points, isAngular: true, labelAt: { x: (left + right) / 2, y: between } };
}

function startOf(edge: PlacedEdge): Point {
  return edge.points[0] ?? { x: 0, y: 0 };
}

function endOf(edge: PlacedEdge): Point {
  return edge.points.at(-1) ?? { x: 0, y: 0 };
}
