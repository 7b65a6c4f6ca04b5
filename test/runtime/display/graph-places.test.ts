import { expect, test } from 'vitest';
import * as dagre from '@dagrejs/dagre';
import { placesOf, type Dagre, type Outline } from '../../../runtime/src/display/graph-places.ts';

const outline = (width: number): Outline => ({
  direction: 'LR',
  leaves: [
    { id: 'a', width, height: 20 },
    { id: 'b', width: 80, height: 20 },
  ],
  groups: [],
  parents: [],
  edges: [{ from: 'a', to: 'b', labelWidth: 0 }],
});

test('placesOf() has dagre place a graph again only where its boxes have other sizes', () => {
  let layouts = 0;
  const real = dagre as unknown as Dagre; // as graph-layout takes it
  const counting: Dagre = {
    Graph: real.Graph,
    layout: (graph) => {
      layouts += 1;
      return real.layout(graph);
    },
  };
  const first = placesOf(counting, outline(100));
  expect(placesOf(counting, outline(100))).toBe(first);
  expect(layouts).toBe(1);
  expect(placesOf(counting, outline(120)).width).toBe(first.width + 20);
  expect(layouts).toBe(2);
  // Only the last few are kept.
  for (let width = 200; width < 230; width++) placesOf(counting, outline(width));
  expect(placesOf(counting, outline(100))).toEqual(first);
  expect(layouts).toBe(33);
});
