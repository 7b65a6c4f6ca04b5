import type { DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import { windowParam, type Bound } from '../model/par-do-param.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { bagState, combiningState } from '../model/state.ts';
import { eventTimeTimer, processingTimeTimer } from '../model/timer.ts';
import { maxTimestamp } from '../model/window.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { count } from './count-globally.ts';
import { parDo } from './par-do.ts';
import { requirePCollection } from './require-input.ts';
import { requireOptions } from './require-options.ts';

/** How groupIntoBatches batches. */
export interface GroupIntoBatchesOptions {
  /** Elements of a full batch; at least 1. */
  readonly batchSize: number;
  /** How long an element waits for others, by the machine's clock: until its window ends, unless told. */
  readonly maxBufferingDuration?: Duration;
}

function batching() {
  return {
    values: bagState<unknown>(),
    count: combiningState(count()),
    windowEnd: eventTimeTimer(),
    bufferingEnd: processingTimeTimer(),
    window: windowParam(),
  };
}

type Context = ReturnType<typeof batching>;

/**
 * Brings the values of each key together in batches: { key, value } to { key, value: values }, for services that
 * take many at a time.
 *
 * - Each batch is full but for the last ones of a key and window: these come when the window ends, or when an element has
 *   waited long enough. The values of a batch are in no order, and of one window.
 * - A batch has the timestamp of the element that filled it, or of the timer that ended it; it keeps state by key.
 * - Cost: a batch is held in memory where it is made.
 *
 * @throws {RangeError} for a batch size that is no whole number above 0, or a duration that is none.
 * @see https://beam.apache.org/documentation/transforms/python/aggregation/groupintobatches/
 */
export function groupIntoBatches<K, V>(
  options: GroupIntoBatchesOptions,
): PTransform<PCollection<KV<K, V>>, PCollection<KV<K, V[]>>> {
  const name = 'GroupIntoBatches';
  requireOptions(options, 'group into batches', ['batchSize', 'maxBufferingDuration']);
  const { batchSize, maxBufferingDuration } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot group into batches as a batch must have a whole number of elements, at least 1: received ${String(batchSize)}`,
    );
  }
  const maxBufferingMs =
    maxBufferingDuration === undefined
      ? undefined
      : durationMs(maxBufferingDuration, {
          action: 'group into batches as the buffering duration',
          least: 1,
        });
  const doFn = batchesOf<K, V>(batchSize, maxBufferingMs);
  return {
    name,
    expand: (input) => requirePCollection(input, name).apply(parDo(doFn, batching())),
  };
}

function batchesOf<K, V>(
  size: number,
  maxBufferingMs: number | undefined,
): DoFn<KV<K, V>, KV<K, V[]>, Context> {
  const batch = (key: K, { values, count, bufferingEnd }: Bound<Context>) => {
    const held = [...values.read()] as V[]; // only process adds to it
    values.clear();
    count.clear();
    bufferingEnd.clear();
    return [{ key, value: held }];
  };
  return {
    name: 'Batches',
    process({ key, value }, context) {
      const { values, count, windowEnd, window, bufferingEnd } = context;
      windowEnd.set(maxTimestamp(window.lookup()));
      values.add(value);
      count.add(1);
      const held = count.read();
      if (held >= size) return batch(key, context);
      if (held === 1 && maxBufferingMs !== undefined) bufferingEnd.setRelative(maxBufferingMs);
      return [];
    },
    onTimer: ({ key }, context) => (context.values.isEmpty() ? [] : batch(key, context)),
  };
}
