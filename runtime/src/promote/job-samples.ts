import { PipelineError } from '../errors.ts';
import type { JobMetrics } from '../portable/job/job-metrics.ts';

/** Namespace of the string sets in which workers report samples; the name is the PCollection's id. */
const SAMPLES = 'millrace.samples';

/**
 * The elements that workers reported of a PCollection.
 *
 * @param pcollection Its id in the portable pipeline, or its step's full name for the main output.
 * @returns values where JSON holds them; of others, a text that describes them.
 * @throws {PipelineError} if there are none.
 */
export function samplesOf(pcollection: string, metrics: JobMetrics | undefined): readonly unknown[] {
  const sets = (metrics?.stringSets ?? []).filter(({ namespace }) => namespace === SAMPLES);
  const found = sets.filter(({ name }) => name === pcollection || name === `${pcollection}.main`);
  if (found.length === 0) {
    const known = [...new Set(sets.map(({ name }) => `"${name}"`))];
    throw new PipelineError(
      `Cannot give a sample as the job must have reported some of "${pcollection}": received ${known.length === 0 ? 'none at all' : `those of ${known.join(', ')}`}`,
      {
        hint:
          known.length === 0
            ? 'Workers report samples when a bundle ends, and only if promote was told samples > 0; some runners pass them on at the end of a job only'
            : 'Take one of these names; a step may have been fused away by the runner',
      },
    );
  }
  return found.flatMap(({ value }) => value.map(sampleFrom));
}

/** What a worker wrote: { value } of what JSON holds, { text } of all else. */
function sampleFrom(json: string): unknown {
  const sample: unknown = JSON.parse(json);
  if (typeof sample !== 'object' || sample === null) return json;
  return 'value' in sample ? sample.value : 'text' in sample ? sample.text : sample;
}
