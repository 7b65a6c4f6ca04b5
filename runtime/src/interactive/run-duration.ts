import type { Fragment } from '../graph/fragment.ts';
import { isEndless } from '../model/is-splittable.ts';
import { durationMs } from '../windowing/duration.ts';
import type { InteractiveEnvironment } from './environment.ts';

/**
 * For how long a request reads sources that need not end, in milliseconds: what it was told, else the option
 * recordingDuration; undefined if all end by themselves. A test stream does, and its time is its own.
 *
 * @throws {RangeError} if the option is no duration.
 */
export function runDuration(
  { transforms }: Pick<Fragment, 'transforms'>,
  request: { readonly duration?: number | undefined; readonly environment: InteractiveEnvironment },
): number | undefined {
  if (request.duration !== undefined) return request.duration;
  const needNotEnd = transforms.some(({ spec }) => isEndless(spec));
  if (!needNotEnd) return undefined;
  const { recordingDuration } = request.environment.options;
  return durationMs(recordingDuration, {
    action: 'read what need not end as options.recordingDuration',
    least: 1,
  });
}
