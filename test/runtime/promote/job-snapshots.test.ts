import { expect, onTestFinished, test } from 'vitest';
import type { GraphView } from '../../../runtime/src/display/graph-view.ts';
import { JobClient } from '../../../runtime/src/portable/job/job-client.ts';
import type { JobMetrics } from '../../../runtime/src/portable/job/job-metrics.ts';
import { workerErrorText } from '../../../runtime/src/portable/worker-error.ts';
import { UserCodeError } from '../../../runtime/src/errors.ts';
import { JobFollower } from '../../../runtime/src/promote/job-follower.ts';
import { JobSnapshots } from '../../../runtime/src/promote/job-snapshots.ts';
import { startJobService } from '../../support/job-service.ts';

const view: GraphView = {
  title: 'count',
  nodes: [
    { id: 'Create', label: 'Create', fullName: 'Create', kind: 'create' },
    { id: 'Map', label: 'Map', fullName: 'Map', kind: 'map' },
  ],
  edges: [{ from: 'Create', to: 'Map' }],
};
const graph = {
  view,
  pcollections: new Map([
    ['Create', ['Create.main']],
    ['Map', ['Map.main', 'Map.bad']],
  ]),
};

function metrics(elements: Record<string, number>): JobMetrics {
  const counters = [{ transform: 'Map', namespace: 'millrace', name: 'seen', value: 3 }];
  const ms = new Map([
    ['Map', 30],
    ['Map/ToKV', 5],
    ['Mapping', 1000],
  ]);
  return {
    elements: new Map(Object.entries(elements)),
    ms,
    counters,
    distributions: [],
    gauges: [],
    stringSets: [],
  };
}

/** A follower that is told by hand, and a clock. */
async function snapshots() {
  const { url } = await startJobService({});
  const follower = new JobFollower({ client: await JobClient.connect({ url }), id: 'j1' });
  onTestFinished(() => follower.close());
  let now = 10_000;
  const facts = { name: 'count', id: 'j1', runner: 'Prism 2.77', endpoint: url, graph, notes: ['rehearsed'] };
  const pictures = new JobSnapshots(follower, facts, () => now);
  return { follower, pictures, pass: (ms: number) => void (now += ms) };
}

test('take() counts elements of all outputs, speed since the last picture, and time in all parts of a step', async () => {
  const { follower, pictures, pass } = await snapshots();
  follower.observe({ state: 'RUNNING', at: 10_000 });
  follower.metrics = metrics({ 'Create.main': 100, 'Map.main': 40, 'Map.bad': 10 });
  pictures.take();
  pass(2_000);
  follower.metrics = metrics({ 'Create.main': 100, 'Map.main': 80, 'Map.bad': 20 });
  const { steps, counters, tone, elapsedMs, graph: drawn, notes } = pictures.take();
  expect(steps).toEqual([
    { name: 'Create', elements: 100, perSecond: 0, ms: undefined, errors: 0 },
    { name: 'Map', elements: 100, perSecond: 25, ms: 35, errors: 0 },
  ]);
  expect(counters).toEqual([{ step: 'Map', name: 'seen', value: 3 }]);
  expect({ tone, elapsedMs, notes }).toEqual({ tone: 'running', elapsedMs: 2_000, notes: ['rehearsed'] });
  expect(drawn?.nodes.map(({ mark }) => mark)).toEqual(['running', 'running']);
  expect(drawn?.edges).toEqual([{ from: 'Create', to: 'Map', elements: 100 }]);
});

test('take() says of a job that is done how fast it was in all', async () => {
  const { follower, pictures } = await snapshots();
  follower.observe({ state: 'RUNNING', at: 10_000 });
  follower.observe({ state: 'DONE', at: 14_000 });
  follower.metrics = metrics({ 'Create.main': 100 });
  const { steps, tone, elapsedMs, graph: drawn } = pictures.take();
  expect(steps[0]?.perSecond).toBe(25);
  expect({ tone, elapsedMs }).toEqual({ tone: 'done', elapsedMs: 4_000 });
  expect(drawn?.nodes.map(({ mark }) => mark)).toEqual(['done', 'done']);
});

test('take() shows the error behind a failure at its step, once, and what a runner tries again', async () => {
  const { follower, pictures } = await snapshots();
  const cause = new RangeError('no sevens');
  const text = workerErrorText(new UserCodeError({ transform: 'Map', method: 'process', element: 7, cause }));
  follower.observe({ state: 'RUNNING', at: 10_000 });
  follower.failures = [`java.lang.RuntimeException: ${text}`];
  expect(pictures.take().notes.at(-1)).toBe(
    'the runner tries again after 1 failure, the last: "Map" threw in process: no sevens',
  );
  follower.observe({ state: 'FAILED', at: 11_000 });
  follower.messages = [{ importance: 'error', text: `bundle failed: ${text}`, time: '' }];
  const { error, steps, graph: drawn, notes } = pictures.take();
  expect(error?.join('\n')).toContain('element: 7');
  expect(steps.map(({ errors }) => errors)).toEqual([0, 1]);
  expect(drawn?.nodes.map(({ mark }) => mark)).toEqual([undefined, 'failed']);
  expect(notes).toEqual(['rehearsed']);
});

test('take() shows what is attempted beside what is committed where they differ, also on the graph', async () => {
  const { follower, pictures } = await snapshots();
  const own = { transform: 'Map', namespace: 'millrace' };
  const sizes = { count: 2, sum: 5, min: 2, max: 3 };
  follower.metrics = {
    ...metrics({}),
    counters: [
      { ...own, name: 'seen', value: 1200, committed: 1200, attempted: 1300 },
      { ...own, name: 'kept', value: 4, committed: 4, attempted: 4 },
      { ...own, name: 'first', value: 1, attempted: 1 },
    ],
    distributions: [
      {
        ...own,
        name: 'sizes',
        value: sizes,
        committed: sizes,
        attempted: { ...sizes, sum: 14, count: 3, max: 9 },
      },
    ],
    stringSets: [
      { ...own, name: 'words', value: ['a'], committed: ['a'], attempted: ['a', 'b'] },
      { ...own, namespace: 'millrace.samples', name: 'Map.main', value: ['7'], attempted: ['7'] },
    ],
  };
  const { counters, otherMetrics, graph: drawn } = pictures.take();
  expect(counters).toEqual([
    { step: 'Map', name: 'seen', value: 1200, attempted: 1300 },
    { step: 'Map', name: 'kept', value: 4 },
    { step: 'Map', name: 'first', value: 1 },
  ]);
  expect(otherMetrics).toEqual([
    { step: 'Map', name: 'sizes', text: '2 to 3, mean 2.5 (2 to 9, mean 4.67 attempted)' },
    { step: 'Map', name: 'words', text: 'a (a, b attempted)' },
  ]);
  expect(drawn?.nodes.map(({ metrics: lines }) => lines)).toEqual([
    undefined,
    [
      'seen = 1,200 (1,300 attempted)',
      'kept = 4',
      'first = 1',
      'sizes = 2 to 3, mean 2.5 (2 to 9, mean 4.67 attempted)',
      'words = a (a, b attempted)',
    ],
  ]);
});
