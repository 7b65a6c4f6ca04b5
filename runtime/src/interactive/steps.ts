import { metricTexts } from '../display/metric-text.ts';
import { latestValues } from '../engine/run-pipeline.ts';
import type { RunResult } from '../engine/run.ts';
import type { Fragment } from '../graph/fragment.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';

/** What is known of one step's last execution. */
export interface StepStats {
  /** Elements in each of its outputs, by tag. */
  readonly elements: Readonly<Record<string, number>>;
  /** Elements that it dropped, as they came too late for their windows; absent if there were none. */
  readonly dropped?: number;
  /** What its functions reported, a line for each metric; absent if there is none. */
  readonly metrics?: readonly string[];
  /** Milliseconds in the step itself. */
  readonly ms: number;
  /** True if this request took the step's result from the cache. */
  readonly fromCache: boolean;
  /** True if it was stopped before its end, so that the counts are those of a sample. */
  readonly isSample: boolean;
}

/** Steps by full name, so that they outlive the objects of a cell that is run again. */
export type Steps = Readonly<Record<string, StepStats>>;

/** Reads a run's result step by step. */
export function stepsOf(
  fragment: Fragment,
  result: RunResult,
  names: ReadonlyMap<AppliedPTransform, string>,
): Steps {
  const steps: Record<string, StepStats> = {};
  for (const transform of fragment.transforms) {
    const elements: Record<string, number> = {};
    for (const [tag, output] of transform.outputs) elements[tag] = result.elements.get(output.id) ?? 0;
    const name = names.get(transform) ?? transform.label;
    const {
      droppedDueToLateness = 0,
      droppedDueToClosedWindow = 0,
      ...counters
    } = result.counters[name] ?? {};
    const metrics = metricTexts({
      counters,
      distributions: result.distributions[name],
      gauges: latestValues(result.gauges[name]),
      stringSets: result.stringSets[name],
    });
    const dropped = droppedDueToLateness + droppedDueToClosedWindow;
    steps[name] = {
      elements,
      ...(dropped > 0 && { dropped }),
      ...(metrics.length > 0 && { metrics }),
      ms: result.transformMs.get(transform.id) ?? 0,
      fromCache: false,
      isSample: result.stoppedEarly,
    };
  }
  return steps;
}

/** All of them; where a step is in several, the last one counts. */
export function mergeSteps(several: readonly Steps[]): Steps {
  return Object.fromEntries(several.flatMap((steps) => Object.entries(steps)));
}

/** The same steps, marked as reused: what a cache entry remembers of how it was made. */
export function asCached(steps: Steps): Steps {
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, { ...step, fromCache: true }]),
  );
}

/** Steps out of a cache entry's provenance, which any version of Millrace may have written. */
export function stepsFromProvenance(provenance: unknown): Steps {
  const steps = isRecord(provenance) ? provenance.steps : undefined;
  if (!isRecord(steps)) return {};
  const known = Object.entries(steps).filter(
    (entry): entry is [string, StepStats] =>
      isRecord(entry[1]) && isRecord(entry[1].elements) && typeof entry[1].ms === 'number',
  );
  return asCached(Object.fromEntries(known));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
