import * as beam from 'millrace';
import type { ConformanceCase } from './case.ts';

/**
 * Puts cases together that can share a job, `size` at most, in their order; any other one is alone.
 *
 * Those can whose pipelines are bounded: what a job costs to submit, to schedule and to start workers for is paid once for
 * all of them. A stream needs its job for itself, as watermarks and the clock of a test stream are the job's.
 */
export function batchesOf(
  cases: readonly ConformanceCase[],
  size: number,
): readonly (readonly ConformanceCase[])[] {
  const batches: ConformanceCase[][] = [];
  let open: ConformanceCase[] = [];
  for (const one of cases) {
    if (size < 2 || !isShareable(one)) {
      batches.push([one]);
      continue;
    }
    if (open.length === 0) batches.push(open);
    open.push(one);
    if (open.length === size) open = [];
  }
  return batches;
}

/** Whether all of it is bounded. What cannot even be built is alone, so that no other case fails for it. */
function isShareable({ name, build }: ConformanceCase): boolean {
  const p = beam.pipeline(name);
  try {
    build(p, '/');
  } catch {
    return false;
  }
  return p.transforms.every(({ outputs }) => [...outputs.values()].every(({ isBounded }) => isBounded));
}
