import { escapeHtml } from './escape.ts';
import type { GraphLayout, PlacedEdge, PlacedGroup, PlacedNode } from './graph-layout.ts';
import type { GraphMark, GraphNode } from './graph-view.ts';

/** Colours that hold on a light and on a dark page; text stands on cards of our own colour. */
const COLOR = {
  card: '#fbfcfe',
  border: '#9aa7b8',
  title: '#18212f',
  facts: '#566173',
  edge: '#8593a6',
  group: '#7d8fa8',
};

const MARKS: Readonly<Record<GraphMark, { readonly color: string; readonly words: string }>> = {
  recomputed: { color: '#3f7fd0', words: 'computed now' },
  cached: { color: '#2f9464', words: 'from cache' },
  sample: { color: '#c98a1b', words: 'a sample' },
  failed: { color: '#d0483f', words: 'failed' },
  running: { color: '#3f7fd0', words: 'running' },
  done: { color: '#2f9464', words: 'done' },
};

/** Draws a graph as SVG: cards for steps, light boxes for composites, counts and times on them. */
export function graphSvg(layout: GraphLayout, title: string): string {
  const { height } = layout;
  const marks = [...new Set(layout.nodes.map(({ node }) => node.mark).filter((mark) => mark !== undefined))];
  const legend = marks.length > 0 ? legendSvg(marks, height) : '';
  const width = Math.max(layout.width, marks.length > 0 ? 16 + marks.length * 110 : 0);
  const full = height + (marks.length > 0 ? 22 : 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${full}" viewBox="0 0 ${width} ${full}" font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif">`,
    `<title>${escapeHtml(title)}</title>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0.5 0.8 7.2 4 0.5 7.2z" fill="${COLOR.edge}"/></marker></defs>`,
    ...layout.groups.map(groupSvg),
    ...layout.edges.map((edge) => edgeSvg(edge, layout.direction)),
    ...layout.nodes.map(nodeSvg),
    legend,
    '</svg>',
  ].join('');
}

function groupSvg({ node, label, x, y, width, height }: PlacedGroup): string {
  // dagre leaves the room between ranks around a group; the name goes there.
  return (
    `<g><title>${escapeHtml(hoverText(node))}</title>` +
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="9" fill="${COLOR.group}" fill-opacity="0.1" stroke="${COLOR.group}" stroke-opacity="0.45"/>` +
    `<text x="${round(x + 10)}" y="${round(y + 14)}" font-size="11" font-weight="600" fill="${COLOR.group}">${escapeHtml(label)}</text></g>`
  );
}

function nodeSvg({ node, label, facts, x, y, width, height }: PlacedNode): string {
  const mark = node.mark === undefined ? undefined : MARKS[node.mark];
  const middle = x + width / 2;
  const names = label.map(
    (line, index) =>
      `<text x="${round(middle)}" y="${round(y + 21 + index * 16)}" font-size="12.5" font-weight="600" text-anchor="middle" fill="${COLOR.title}">${escapeHtml(line)}</text>`,
  );
  const below = y + 21 + label.length * 16;
  const dot = mark === undefined ? '' : `<tspan fill="${mark.color}">●</tspan> `;
  const info =
    facts === '' && mark === undefined
      ? ''
      : `<text x="${round(middle)}" y="${round(below)}" font-size="10.5" text-anchor="middle" fill="${COLOR.facts}">${dot}${escapeHtml(facts)}</text>`;
  return (
    `<g><title>${escapeHtml(hoverText(node))}</title>` +
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="7" fill="${COLOR.card}" stroke="${mark?.color ?? COLOR.border}" stroke-width="${node.mark === 'failed' ? 2 : 1.2}"/>` +
    `${names.join('')}${info}</g>`
  );
}

function edgeSvg({ edge, points, isAngular, label, labelAt }: PlacedEdge, direction: 'LR' | 'TB'): string {
  const path = `<path d="${isAngular === true ? angular(points) : curve(points, direction)}" fill="none" stroke="${COLOR.edge}" stroke-width="1.4" marker-end="url(#arrow)"><title>${escapeHtml(`${edge.from} → ${edge.to}`)}</title></path>`;
  if (label === '') return path;
  const text = `<text x="${round(labelAt.x)}" y="${round(labelAt.y + 3.5)}" font-size="10.5" text-anchor="middle" fill="${COLOR.facts}">${escapeHtml(label)}</text>`;
  const width = label.length * 6 + 8;
  return `${path}<rect x="${round(labelAt.x - width / 2)}" y="${round(labelAt.y - 8)}" width="${width}" height="16" rx="8" fill="${COLOR.card}" stroke="${COLOR.border}" stroke-opacity="0.5"/>${text}`;
}

/** A smooth line through the points, which leaves and arrives in the direction of the graph. */
function curve(
  points: readonly { readonly x: number; readonly y: number }[],
  direction: 'LR' | 'TB',
): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let from = first;
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (const to of rest) {
    const [dx, dy] = direction === 'LR' ? [(to.x - from.x) / 2, 0] : [0, (to.y - from.y) / 2];
    path += ` C${round(from.x + dx)} ${round(from.y + dy)} ${round(to.x - dx)} ${round(to.y - dy)} ${round(to.x)} ${round(to.y)}`;
    from = to;
  }
  return path;
}

/** Straight pieces with round corners. */
function angular(points: readonly { readonly x: number; readonly y: number }[]): string {
  const radius = 6;
  const toward = (from: { x: number; y: number }, to: { x: number; y: number }) => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const share = Math.min(0.5, radius / length);
    return `${round(from.x + (to.x - from.x) * share)} ${round(from.y + (to.y - from.y) * share)}`;
  };
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined) return `M${round(point.x)} ${round(point.y)}`;
      if (after === undefined) return `L${round(point.x)} ${round(point.y)}`;
      return `L${toward(point, before)} Q${round(point.x)} ${round(point.y)} ${toward(point, after)}`;
    })
    .join(' ');
}

function legendSvg(marks: readonly GraphMark[], top: number): string {
  return marks
    .map(
      (mark, index) =>
        `<text x="${16 + index * 110}" y="${top + 12}" font-size="11" fill="#7b8490"><tspan fill="${MARKS[mark].color}">●</tspan> ${MARKS[mark].words}</text>`,
    )
    .join('');
}

/** What hovering shows: full name, kind, where it was applied, how it got its elements. */
function hoverText({ fullName, kind, definedAt, mark, metrics = [] }: GraphNode): string {
  return [fullName, kind, definedAt, mark === undefined ? undefined : MARKS[mark].words, ...metrics]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
