import { run } from '../../../runtime/src/engine/run.ts';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fuse } from '../../../runtime/src/graph/fuse.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import type { PCollection } from '../../../runtime/src/model/pcollection.ts';
import { Pipeline } from '../../../runtime/src/model/pipeline.ts';

/** A pipeline that nobody runs. */
export function pipeline(): Pipeline {
  return new Pipeline('test', {
    run: () => Promise.reject(new TypeError('not here')),
    display: () => Promise.resolve({}),
  });
}

/** Runs what `target` needs, and returns its elements. */
export async function collect<T>(target: PCollection<T>): Promise<T[]> {
  const whole = fragment([target]);
  const plan = fuse(whole, { materialise: new Set([target]), names: fullNames(whole.transforms) });
  const values: T[] = [];
  const sink = { add: (value: unknown) => void values.push(value as T), close: () => undefined };
  const { signal } = new AbortController();
  await run(plan, { inputs: new Map(), sinks: new Map([[target.id, sink]]), signal });
  return values;
}
