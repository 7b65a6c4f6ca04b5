import {
  run,
  type ElementSink,
  type ElementSource,
  type RunOptions,
  type RunProgress,
  type RunResult,
} from '../../../runtime/src/engine/run.ts';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fuse } from '../../../runtime/src/graph/fuse.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import type { PCollection } from '../../../runtime/src/model/pcollection.ts';

export interface Collected<T> extends RunResult {
  readonly elements: ReadonlyMap<string, number>;
  readonly values: T[];
  readonly isClosed: boolean;
}

export interface CollectOptions extends Pick<
  RunOptions,
  'clock' | 'duration' | 'bundleSize' | 'restrictionElements' | 'memoryBudget' | 'spillFolder' | 'spillFiles'
> {
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly available?: ReadonlyMap<PCollection<unknown>, ElementSource>;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Materialised beside the target, without a limit. */
  readonly also?: ReadonlyMap<PCollection<unknown>, ElementSink>;
}

/** Runs what one PCollection needs and gives its elements in the order of arrival. */
export async function collect<T>(
  target: PCollection<T>,
  options: CollectOptions = {},
): Promise<Collected<T>> {
  const {
    limit,
    signal = new AbortController().signal,
    available = new Map(),
    onProgress,
    also,
    ...others
  } = options;
  const needed = fragment([target, ...(also?.keys() ?? [])], (pcollection) => available.has(pcollection));
  const values: T[] = [];
  let isClosed = false;
  const sink: ElementSink = {
    add: (value) => void values.push(value as T),
    close: () => {
      isClosed = true;
    },
    ...(limit === undefined ? {} : { limit }),
  };
  const sinks = new Map([[target.id, sink]]);
  for (const [pcollection, each] of also ?? []) sinks.set(pcollection.id, each);
  const plan = fuse(needed, {
    materialise: new Set([target, ...(also?.keys() ?? [])]),
    names: fullNames(needed.transforms),
  });
  const inputs = new Map(needed.inputs.map((input) => [input.id, available.get(input) as ElementSource]));
  const result = await run(plan, { inputs, sinks, signal, ...others, ...(onProgress && { onProgress }) });
  return { ...result, values, isClosed };
}
