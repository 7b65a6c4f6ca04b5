import { droppedText, formatDuration } from '../display/format.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Materialised } from './compute.ts';

/** What a view says of how its elements came about: from the cache or not and why, and of what they are a sample. */
export function noteOf(answer: Materialised, { isBounded }: Pick<PCollection<unknown>, 'isBounded'>): string {
  const dropped = Object.values(answer.steps).reduce((sum, step) => sum + (step.dropped ?? 0), 0);
  return [sampleText(answer, isBounded), originText(answer), dropped === 0 ? undefined : droppedText(dropped)]
    .filter((part) => part !== undefined)
    .join('; ');
}

function sampleText({ total, duration }: Materialised, isBounded: boolean): string | undefined {
  if (total !== undefined) return undefined;
  if (duration === undefined) return isBounded ? undefined : 'sample of a stream that need not end';
  return `sample of ${spanText(duration)} of a stream${isBounded ? '' : ' that need not end'}`;
}

function originText({ origin, why, ms, notCached }: Materialised): string {
  const time = formatDuration(ms);
  if (origin === 'cache') return `from the cache in ${time}: ${why}`;
  const outlook = notCached === undefined || notCached === why ? '' : `; not kept: ${notCached}`;
  return `computed in ${time}: ${why}${outlook}`;
}

/** A duration as somebody gave it: "60 s", and not what it is to the millisecond. */
function spanText(ms: number): string {
  return ms < 600_000 && ms % 1000 === 0 ? `${ms / 1000} s` : formatDuration(ms);
}
