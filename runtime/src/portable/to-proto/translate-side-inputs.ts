import { PipelineError } from '../../errors.ts';
import { pcollectionId, type Placed, type Translation } from './translation.ts';

/** The local name of a step's main input. */
const MAIN_INPUT = 'in';

/**
 * Ids of the PCollections that a step looks at, by the names that its context gives them.
 *
 * @throws {PipelineError} for windows that are none of Beam's own: a runner could not say when they are ready.
 */
export function sideInputsOf(
  { transform, name }: Placed,
  { pcollections }: Translation,
): ReadonlyMap<string, string> {
  return new Map(
    Array.from(transform.sideInputs, ([side, pcollection]) => {
      if (side === MAIN_INPUT) {
        throw new PipelineError(
          `Cannot make a job of "${name}" as its side inputs must have another name than its main input: received "${side}"`,
          { transform: name, hint: 'Rename the property of the context' },
        );
      }
      if (pcollection.windowing.windowFn.standard === undefined) {
        throw new PipelineError(
          `Cannot make a job of "${name}" as windows of a side input must be Beam's own, for a runner to know when they are ready: ` +
            `received ${pcollection.windowing.windowFn.name ?? 'a WindowFn of your own'} of "${side}"`,
          { transform: name, hint: 'Put it into fixed or global windows before, or run the pipeline here' },
        );
      }
      return [side, pcollectionId(pcollection, name, pcollections)];
    }),
  );
}
