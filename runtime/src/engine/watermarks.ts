import { MAX_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';

/**
 * The input watermark of a stage: nothing that comes to it later will be older.
 *
 * @param upstream Output watermarks of the stages that it reads from; with none of them its input has ended.
 * @see Akidau et al., "The Dataflow Model", PVLDB 8(12), 2015; Beam's WatermarkManager.
 */
export function inputWatermark(previous: Timestamp, upstream: Iterable<Timestamp>): Timestamp {
  let least = MAX_TIMESTAMP;
  for (const watermark of upstream) least = Math.min(least, watermark);
  return Math.max(previous, least);
}

/**
 * The output watermark of a stage: nothing that it emits later will be older.
 *
 * It follows the input watermark, held back by what the stage still holds; and it stays where it is while panes are due,
 * as these come out first.
 *
 * @param hold The oldest timestamp of what is held; MAX_TIMESTAMP if nothing is.
 */
export function outputWatermark(
  previous: Timestamp,
  { input, hold, isDue }: { readonly input: Timestamp; readonly hold: Timestamp; readonly isDue: boolean },
): Timestamp {
  return isDue ? previous : Math.max(previous, Math.min(input, hold));
}
