import { expect, test } from 'vitest';
import { GRAPH_MIME, graphBundle } from '../../../runtime/src/display/graph-bundle.ts';
import { layoutGraph } from '../../../runtime/src/display/graph-layout.ts';
import type { Box } from '../../../runtime/src/display/graph-places.ts';
import { graphText } from '../../../runtime/src/display/graph-text.ts';
import type { GraphNode, GraphView } from '../../../runtime/src/display/graph-view.ts';

function node(id: string, over: Partial<GraphNode> = {}): GraphNode {
  return { id, label: id, fullName: id, kind: 'map', ...over };
}

/** A graph from "a>b b>c", with any other nodes. */
function graphOf(edges: string, nodes: readonly GraphNode[] = []): GraphView {
  const pairs = edges
    .split(' ')
    .filter((edge) => edge !== '')
    .map((edge) => edge.split('>'));
  const given = new Map(nodes.map((known) => [known.id, known]));
  for (const id of pairs.flat()) if (!given.has(id)) given.set(id, node(id));
  return {
    title: 'whales',
    nodes: [...given.values()],
    edges: pairs.map(([from = '', to = '']) => ({ from, to })),
  };
}

const chain = (length: number) =>
  Array.from({ length: length - 1 }, (_, index) => `Step${index}>Step${index + 1}`).join(' ');

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test.each([
  { name: 'no steps', view: graphOf('') },
  { name: 'one step', view: graphOf('', [node('Create')]) },
  { name: 'a chain', view: graphOf('a>b b>c') },
  { name: 'a long chain', view: graphOf(chain(12)) },
  { name: 'branches', view: graphOf('a>b a>c b>d c>d') },
  { name: 'two graphs', view: graphOf('a>b c>d', [node('lonely')]) },
  { name: 'two edges between the same steps', view: graphOf('a>b a>b') },
  { name: 'a step that reads itself', view: graphOf('a>a') },
  { name: 'a circle', view: graphOf('a>b b>a') },
  {
    name: '60 steps',
    view: graphOf(Array.from({ length: 59 }, (_, i) => `s${Math.floor(i / 2)}>s${i + 1}`).join(' ')),
  },
  {
    name: 'composites',
    view: graphOf('a>b b>c', [
      node('C', { kind: 'composite' }),
      node('D', { parent: 'C' }),
      node('b', { parent: 'D' }),
      node('c', { parent: 'C' }),
    ]),
  },
  {
    name: 'parents in a circle',
    view: graphOf('a>b', [node('a', { parent: 'b' }), node('b', { parent: 'a' })]),
  },
  { name: 'an unknown parent', view: graphOf('a>b', [node('a', { parent: 'nobody' })]) },
  {
    name: 'a long chain with composites',
    view: graphOf(chain(12), [
      node('C', { kind: 'composite' }),
      node('Step3', { parent: 'C' }),
      node('Step4', { parent: 'C' }),
    ]),
  },
])('layoutGraph() of $name keeps steps apart, inside the picture', async ({ view }) => {
  const layout = await layoutGraph(view);
  const parents = new Set(layout.groups.map((group) => group.node.id));
  expect(layout.nodes.length + parents.size).toBe(view.nodes.length);
  for (const [index, a] of layout.nodes.entries()) {
    expect(layout.nodes.slice(index + 1).filter((b) => overlap(a, b))).toEqual([]);
  }
  for (const box of [...layout.nodes, ...layout.groups]) {
    expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
    expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
  }
  for (const group of layout.groups) {
    const inside = layout.nodes.filter((placed) => placed.node.parent === group.node.id);
    expect(inside.every((part) => overlap(part, group))).toBe(true);
  }
  for (const { points } of layout.edges) {
    expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  }
});

test('layoutGraph() folds a long chain into rows no wider than a notebook', async () => {
  const layout = await layoutGraph(graphOf(chain(20)));
  expect(layout.width).toBeLessThan(1120);
  expect(layout.height).toBeLessThan(500);
  const turns = layout.edges.filter((edge) => edge.isAngular);
  expect(turns.length).toBe(new Set(layout.nodes.map(({ y }) => Math.round(y))).size - 1);
  // Each edge ends where its step stands.
  for (const { edge, points } of layout.edges) {
    const to = layout.nodes.find((placed) => placed.node.id === edge.to);
    expect(points.at(-1)?.x).toBeCloseTo(to?.x ?? NaN, 0);
  }
});

/** Lesson 1's ten most frequent words: composites from end to end, one of them with a branch of its own. */
const topTen = graphOf(
  'Read>Words Words>Pair Pair>Count Count>Wrap Wrap>Flatten Empty>Flatten Flatten>Combine Combine>Values Values>Unpack',
  [
    node('CountPerElement'),
    node('Pair', { label: 'Map(pairWithOne)', parent: 'CountPerElement' }),
    node('Count', { label: 'CombinePerKey(Sum)', parent: 'CountPerElement' }),
    node('CombineGlobally'),
    node('Wrap', { label: 'Map(wrapGlobalKey)', parent: 'CombineGlobally' }),
    node('Empty', { parent: 'CombineGlobally' }),
    node('Flatten', { parent: 'CombineGlobally' }),
    node('Combine', { label: 'CombinePerKey(Top 10)', parent: 'CombineGlobally' }),
    node('Values', { parent: 'CombineGlobally' }),
  ],
);

test('layoutGraph() folds a pipeline before a composite, and goes round what stands in a row', async () => {
  const layout = await layoutGraph(topTen);
  expect(layout.direction).toBe('LR');
  expect(layout.width).toBeLessThan(1120);
  expect(layout.height).toBeLessThan(320);
  const turns = layout.edges.filter((edge) => edge.isAngular);
  expect(turns.length).toBe(1);
  for (const { x, y } of turns.flatMap(({ points }) => points.slice(1, -1))) {
    expect(layout.groups.filter((group) => overlap(group, { x, y, width: 0, height: 0 }))).toEqual([]);
  }
});

test('layoutGraph() ends lines at the sides of steps, not at their corners', async () => {
  for (const view of [topTen, graphOf('a>z b>z c>z d>z e>z'), graphOf('a>b a>c a>d a>e a>f a>g')]) {
    const { nodes, edges, direction } = await layoutGraph(view);
    for (const { edge, points } of edges) {
      const to = nodes.find((placed) => placed.node.id === edge.to);
      const end = points.at(-1);
      if (to === undefined || end === undefined) throw new RangeError(`Cannot find where ${edge.to} stands`);
      const [at, start, size] = direction === 'LR' ? [end.y, to.y, to.height] : [end.x, to.x, to.width];
      expect(Math.abs(at - (start + size / 2))).toBeLessThanOrEqual(size / 4 + 0.01);
    }
  }
});

test('layoutGraph() draws many branches from top to bottom where that is less tall', async () => {
  const layout = await layoutGraph(graphOf('a>b a>c a>d a>e a>f a>g'));
  expect(layout.direction).toBe('TB');
  expect(layout.width).toBeLessThan(1035);
});

test('layoutGraph() draws an edge of a composite to its first part, and leaves out unknown ends', async () => {
  const view = graphOf('a>C C>b a>nobody', [
    node('C'),
    node('x', { parent: 'C' }),
    node('y', { parent: 'C' }),
  ]);
  const known = { ...view, nodes: view.nodes.filter(({ id }) => id !== 'nobody') };
  expect((await layoutGraph(known)).edges.length).toBe(2);
});

test('graphBundle() has data with a layout, a picture with words for it, and text', async () => {
  const view = graphOf('Read>Count', [
    node('Read', { elements: 1_234_567, ms: 420, mark: 'cached', definedAt: 'cell 3, line 2' }),
    node('Count', { label: '<b>&"', mark: 'failed' }),
  ]);
  const { data } = await graphBundle(view);
  expect(Object.keys(data)).toEqual([GRAPH_MIME, 'text/html', 'image/svg+xml', 'text/plain']);
  expect(data[GRAPH_MIME]).toMatchObject({ version: 1, nodes: view.nodes, layout: { direction: 'LR' } });
  const svg = String(data['image/svg+xml']);
  expect(svg).toContain('1,234,567 · 0.42 s');
  expect(svg).toContain('Read\nmap\ncell 3, line 2\nfrom cache');
  expect(svg).toContain('&lt;b&gt;&amp;&quot;');
  const html = String(data['text/html']);
  const source = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? '';
  expect(Buffer.from(source, 'base64').toString()).toBe(svg);
  expect(html).toContain('alt="Graph of whales, 2 steps: Read, &lt;b&gt;&amp;&quot;"');
});

test.each([
  { name: 'a chain', view: graphOf('a>b b>c'), want: ['● a', '● b', '● c'] },
  { name: 'a branch', view: graphOf('a>b b>c a>d'), want: ['● a', '├─● b', '│ ● c', '● d'] },
  {
    name: 'branches that meet again',
    view: graphOf('a>b a>c b>d c>d d>e'),
    want: ['● a', '├─● b  → d', '● c', '● d  ← b, c', '● e'],
  },
  { name: 'graphs of their own', view: graphOf('a>b', [node('lonely')]), want: ['● lonely', '● a', '● b'] },
  { name: 'a circle', view: graphOf('a>b b>a'), want: ['● a  → b', '● b  → a'] },
])('graphText() draws $name', ({ view, want }) => {
  const lines = graphText(view).split('\n');
  expect(lines[0]).toBe('whales');
  if (view.title === 'whales' && want.length > 2) expect(lines.slice(1)).toEqual(want);
  else expect(lines.length).toBe(3);
});

test('graphText() tells counts, times, tags and marks', () => {
  const view = graphOf('', [node('Read', { elements: 1, ms: 3 }), node('Out', { mark: 'cached' })]);
  const tagged = { ...view, edges: [{ from: 'Read', to: 'Out', label: 'bad' }] };
  expect(graphText(tagged)).toBe('whales\n● Read  1 element · 3 ms\n● Out [bad]  cached');
});
