import { expect, test } from 'vitest';
import { chartBundle } from '../../../runtime/src/display/chart-bundle.ts';
import { chooseChart } from '../../../runtime/src/display/chart.ts';
import { inferSchema } from '../../../runtime/src/display/schema.ts';

test('drawing a chart leaves JSON of a Set as it was, though Vega-Lite changes it', async () => {
  const rows = ['a', 'b', 'c'].map((key, value) => ({ key, value }));
  const chart = chooseChart(rows, inferSchema(rows));
  if (chart === undefined) throw new TypeError('no chart');
  for (let times = 0; times < 2; times++) {
    expect((await chartBundle(chart)).data['image/svg+xml']).toContain('<svg');
    expect(JSON.stringify(new Set([1]))).toBe('{}');
  }
});
