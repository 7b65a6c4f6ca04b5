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
