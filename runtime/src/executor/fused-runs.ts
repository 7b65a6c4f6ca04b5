import type { Stage } from '../graph/plan.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import { asksForElement } from './element-context.ts';

/** More steps in one function than V8 inlines. */
const MOST_STEPS = 24;

/**
 * The steps of a stage that can be one function: runs of maps, each of which may end with a filter, so that every
 * PCollection within a run has as many elements as come to it.
 *
 * A step belongs to a run if it alone takes what it takes, and asks for nothing that is an element's own.
 *
 * @param isCut Ids of PCollections at which a stage goes on from an empty call stack: none is within a run.
 */
export function fusedRuns(stage: Stage, isCut: ReadonlySet<string>): AppliedPTransform[][] {
  const runs: AppliedPTransform[][] = [];
  /** By the id of the PCollection that comes out of a run so far. */
  const open = new Map<string, AppliedPTransform[]>();
  for (const transform of stage.transforms) {
    const [input] = transform.inputs;
    if (input === undefined || !isFusible(transform) || !hasOneConsumer(stage, input.id)) continue;
    let run = open.get(input.id);
    if (run === undefined || run.length === MOST_STEPS) {
      run = [];
      runs.push(run);
    }
    run.push(transform);
    const output = transform.outputs.get('main');
    if (output !== undefined && transform.spec?.kind === 'map' && !isCut.has(output.id))
      open.set(output.id, run);
  }
  return runs;
}

function isFusible({ spec }: AppliedPTransform): boolean {
  return (spec?.kind === 'map' || spec?.kind === 'filter') && !asksForElement(spec.context);
}

function hasOneConsumer({ consumers, materialised, sides, unlimited }: Stage, id: string): boolean {
  const isAt = (each: { readonly id: string }) => each.id === id;
  return (
    consumers.get(id)?.length === 1 && !materialised.some(isAt) && !sides.some(isAt) && !unlimited.has(id)
  );
}
