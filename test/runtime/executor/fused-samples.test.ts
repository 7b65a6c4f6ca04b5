import { expect, test } from 'vitest';
import { Metrics } from '../../../runtime/src/executor/metrics.ts';
import { Pacer } from '../../../runtime/src/executor/pacer.ts';
import { StageExecutor } from '../../../runtime/src/executor/stage-executor.ts';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fuse } from '../../../runtime/src/graph/fuse.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { Stage } from '../../../runtime/src/graph/plan.ts';
import { NO_FIRING } from '../../../runtime/src/model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../../../runtime/src/model/window.ts';

test('StageExecutor shows a sample of every PCollection within a fused run, and counts all', async () => {
  const source = beam.pipeline().apply(beam.create<number>([]));
  const first = source.map((n) => n + 1);
  const target = first.map((n) => n * 2).filter((n) => n % 4 === 0);
  const needed = fragment([target]);
  const names = fullNames(needed.transforms);
  const [stage] = fuse(needed, { materialise: new Set([target]), names }).stages as [Stage];
  const seen = new Map<string, unknown[]>();
  const kept: unknown[] = [];
  const executor = new StageExecutor(stage, {
    names,
    metrics: new Metrics(),
    pacer: new Pacer(new AbortController().signal),
    sinkOf: () => (value) => void kept.push(value),
    shuffleOf: () => () => undefined,
    onFailure: (error) => {
      throw error;
    },
    sampleOf: ({ id }) => {
      const values: unknown[] = [];
      seen.set(id, values);
      return (value) => void values.push(value);
    },
  });
  await executor.setup();
  await executor.startBundle();
  for (let n = 0; n < 6400; n++) await executor.receive(n, 0, GLOBAL_WINDOWS, NO_FIRING);
  await executor.finishBundle();
  expect(kept).toHaveLength(3200);
  const counts = [source, first, target].map(({ id }) => executor.measures().elements.get(id));
  expect(counts).toEqual([6400, 6400, 3200]);
  const sampled = (id: string) => seen.get(id) ?? [];
  for (const { id } of [source, first]) expect(sampled(id)).toHaveLength(16 + 100 - 1); // one of 64 is in the first 16
  expect(sampled(first.id)).toEqual(sampled(source.id).map((n) => (n as number) + 1));
  expect(sampled(target.id).length).toBeGreaterThan(16);
});
