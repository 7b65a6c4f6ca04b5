import { expect, test } from 'vitest';
import { pcollectionBundle } from '../../../runtime/src/display/pcollection-bundle.ts';
import type { GraphView } from '../../../runtime/src/display/graph-view.ts';

const table = {
  name: 'counts',
  rows: [
    { key: 'the', value: 3 },
    { key: 'a', value: 2 },
  ],
  total: 2,
  complete: true,
  note: 'from the cache: unchanged since 14:02',
};
const graph: GraphView = {
  title: 'whales',
  nodes: [{ id: 'Create', label: 'Create', fullName: 'Create', kind: 'create', elements: 2 }],
  edges: [],
};

/** Words of the pictures in a view, in order. */
function pictures(html: unknown): string[] {
  return [...String(html).matchAll(/alt="([^"]*)"/g)].map(([, alt = '']) => alt);
}

test('pcollectionBundle() is one bundle of table, statistics, chart and graph', async () => {
  const { data } = await pcollectionBundle({ table, graph });
  expect(Object.keys(data)).toEqual(['text/html', 'text/plain']);
  expect(data['text/html']).toContain('from the cache: unchanged since 14:02');
  expect(pictures(data['text/html'])).toEqual([
    'histogram from 2 to 3',
    'Bar chart, value by key. Largest: the 3, a 2',
    'Graph of whales, 1 step: Create',
  ]);
  expect(data['text/plain']).toMatch(
    /^counts · from the cache[^]*\n2 elements\n\nwhales\n● Create {2}2 elements$/,
  );
});

test('pcollectionBundle() leaves out what it is not given, or asked not to draw', async () => {
  const { data } = await pcollectionBundle({ table, chart: false });
  expect(pictures(data['text/html'])).toEqual(['histogram from 2 to 3']);
});

test('pcollectionBundle() draws what it has of a sample, and of nothing at all', async () => {
  const sample = await pcollectionBundle({ table: { ...table, total: undefined, complete: false } });
  expect(pictures(sample.data['text/html'])[1]).toContain('value by key, the first 2 elements');
  const empty = await pcollectionBundle({ table: { ...table, rows: [], total: 0 }, graph });
  expect(empty.data['text/html']).toContain('it is empty');
  expect(pictures(empty.data['text/html'])).toEqual(['Graph of whales, 1 step: Create']);
});
