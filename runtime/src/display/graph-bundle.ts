import { escapeHtml, svgImage } from './escape.ts';
import { formatPlural } from './format.ts';
import { layoutGraph, type GraphLayout } from './graph-layout.ts';
import { graphSvg } from './graph-svg.ts';
import { graphText } from './graph-text.ts';
import type { GraphView } from './graph-view.ts';
import type { MimeBundle } from './mime-bundle.ts';

/** Our own MIME type, for the JupyterLab extension: the graph as data, with its layout. */
export const GRAPH_MIME = 'application/vnd.millrace.graph+json';

/** A graph as data for the extension, as a picture for everyone else, and as text for a terminal. */
export async function graphBundle(view: GraphView): Promise<MimeBundle> {
  const layout = await layoutGraph(view);
  const svg = graphSvg(layout, view.title);
  return {
    data: {
      [GRAPH_MIME]: { version: 1, ...view, layout: placesOf(layout) },
      'text/html': `<div class="millrace">${graphImage(view, { layout, svg })}</div>`,
      'image/svg+xml': svg,
      'text/plain': graphText(view),
    },
  };
}

/** The picture as an `<img>`, never wider than the page. */
export function graphImage(
  view: GraphView,
  { layout, svg }: { readonly layout: GraphLayout; readonly svg: string },
): string {
  if (view.nodes.length === 0) return `<div>${escapeHtml(view.title)}: no steps yet</div>`;
  const names = layout.nodes.slice(0, 12).map(({ node }) => node.label);
  const rest = layout.nodes.length - names.length;
  const alt = `Graph of ${view.title}, ${formatPlural(layout.nodes.length, 'step')}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return svgImage(svg, { alt, style: 'max-width:100%;height:auto' });
}

/** The layout by node id and edge index, without repeating the nodes themselves. */
function placesOf({ width, height, direction, nodes, groups, edges }: GraphLayout): object {
  return {
    width,
    height,
    direction,
    boxes: Object.fromEntries(
      [...groups, ...nodes].map(({ node, x, y, width: w, height: h }) => [
        node.id,
        { x, y, width: w, height: h },
      ]),
    ),
    edges: edges.map(({ edge, points, isAngular = false, labelAt }) => ({
      from: edge.from,
      to: edge.to,
      points,
      isAngular,
      labelAt,
    })),
  };
}
