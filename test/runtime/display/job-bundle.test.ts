import { expect, test } from 'vitest';
import { JOB_MIME, jobBundle } from '../../../runtime/src/display/job-bundle.ts';
import { jobLine, jobStateLine } from '../../../runtime/src/display/job-text.ts';
import type { JobView } from '../../../runtime/src/display/job-view.ts';

const VIEW: JobView = {
  name: '<b>ships</b>',
  id: 'job-001',
  runner: 'Prism 2.77',
  endpoint: 'localhost:8073',
  state: 'FAILED',
  tone: 'failed',
  states: [
    { state: 'RUNNING', at: 0 },
    { state: 'FAILED', at: 1_500 },
  ],
  elapsedMs: 1_500,
  graph: {
    title: 'ships',
    nodes: [{ id: 'Map', label: 'Map', fullName: 'Map', kind: 'map', elements: 12_345, mark: 'failed' }],
    edges: [],
  },
  steps: [
    { name: 'Map', elements: 12_345, perSecond: 8_230, ms: 700, errors: 1 },
    { name: 'Größe 👍', elements: undefined, perSecond: undefined, ms: undefined, errors: 0 },
  ],
  counters: [
    { step: 'Map', name: 'bad & ugly', value: 3 },
    { step: 'Map', name: 'tried', value: 1000, attempted: 2000 },
  ],
  watermarkLagMs: 61_000,
  messages: [{ importance: 'error', text: 'it <i>broke</i>' }],
  notes: ['rehearsed'],
  error: ['"Map" threw in process: RangeError: no sevens', 'element: 7'],
};

test('jobBundle() shows state, graph, steps, counters, messages and the error, and lets no name become HTML', async () => {
  const { data } = await jobBundle(VIEW);
  const html = String(data['text/html']);
  for (const text of [
    'FAILED',
    '&lt;b&gt;ships&lt;/b&gt;',
    '12,345',
    '8,230',
    '0.70 s',
    'bad &amp; ugly',
    '1,000 (2,000 attempted)',
    '1 min 1 s behind',
  ]) {
    expect(html).toContain(text);
  }
  expect(html).toContain('it &lt;i&gt;broke&lt;/i&gt;');
  expect(html).toContain('element: 7');
  expect(html).toMatch(/<img src="data:image\/svg\+xml;base64,[^"]+" alt="Graph of ships, 1 step: Map"/);
  expect(html).not.toMatch(/<script|<b>|<i>/);
  expect(data[JOB_MIME]).toMatchObject({ version: 1, id: 'job-001', state: 'FAILED' });
});

test('jobBundle() says the same as text, in columns', async () => {
  const { data } = await jobBundle(VIEW);
  expect(String(data['text/plain']).split('\n')).toEqual([
    'Job "<b>ships</b>" (job-001) on Prism 2.77 at localhost:8073: FAILED after 1.50 s',
    '  Map       12,345 elements · 8,230/s · 0.70 s · 1 error',
    '  Größe 👍',
    '  bad & ugly = 3  (Map)',
    '  tried = 1,000 (2,000 attempted)  (Map)',
    '  rehearsed',
    '  "Map" threw in process: RangeError: no sevens',
    '  element: 7',
  ]);
});

test('jobBundle() of a job of which nothing is known is its state alone', async () => {
  const bare = {
    ...VIEW,
    graph: undefined,
    steps: [],
    counters: [],
    messages: [],
    notes: [],
    error: undefined,
  };
  const { data } = await jobBundle({ ...bare, elapsedMs: undefined, states: [] });
  expect(data['text/html']).not.toMatch(/<table|<img|<pre|<details/);
  expect(jobLine({ ...bare, elapsedMs: undefined })).toBe(
    'Job "<b>ships</b>" (job-001) on Prism 2.77 at localhost:8073: FAILED',
  );
  expect(jobStateLine(VIEW)).toBe('Job "<b>ships</b>": FAILED after 1.50 s');
});
