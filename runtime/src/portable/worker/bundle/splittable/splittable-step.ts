import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import type { Timestamp } from '../../../../model/timestamp.ts';
import type { WindowedValue } from '../../../../model/windowed-value.ts';
import { StandardPTransforms_SplittableParDoComponentsUrn as Urn } from '../../../../proto/urns.ts';
import type { Splittable } from './splittable.ts';

/** What is left of one element of a step's input, in the form in which the runner gives it back. */
export interface StepResidual {
  readonly element: WindowedValue<unknown>;
  readonly watermark: Timestamp;
  /** Milliseconds from now. */
  readonly delayMs: number;
}

/** What a splittable step needs of the bundle that it is in. */
export interface SplittableContext {
  readonly handBack: (residual: StepResidual) => void;
  readonly isHurried: () => boolean;
  readonly now: () => Timestamp;
  readonly signal: AbortSignal;
}

/** URNs of the parts in which runners ask for a splittable step. */
export const SPLITTABLE_PARTS: ReadonlySet<string> = new Set(Object.values(Urn));

/**
 * The part `urn` of a splittable step: element → { key: element, value: restriction } → { key: that, value: size } → outputs.
 * Restrictions travel as JSON.
 *
 * @see beam_runner_api.proto, StandardPTransforms.SplittableParDoComponents
 */
export function splittableStep(
  urn: string,
  splittable: Splittable<unknown>,
  context: SplittableContext,
): (options: OperatorOptions) => Operator {
  return (options) => {
    const { name } = options;
    const out = mainOutput(options);
    const sized = (element: unknown, restriction: unknown) => ({
      key: { key: element, value: JSON.stringify(restriction) },
      value: splittable.sizeOf(restriction),
    });
    const partsOf = (input: unknown) => {
      const { key, value } = requireKV(input, name);
      // What the part before it has given, on the way of this one or another worker.
      return { element: key, restriction: JSON.parse(value as string) as unknown };
    };
    switch (urn) {
      case Urn.PAIR_WITH_RESTRICTION:
        return {
          async receive(element, timestamp, windows, pane) {
            const value = JSON.stringify(await splittable.restrictionOf(element));
            await out({ key: element, value }, timestamp, windows, pane);
          },
        };
      case Urn.SPLIT_AND_SIZE_RESTRICTIONS:
        return {
          receive(input, timestamp, windows, pane) {
            const { element, restriction } = partsOf(input);
            return out(sized(element, restriction), timestamp, windows, pane);
          },
        };
      case Urn.TRUNCATE_SIZED_RESTRICTION:
        return {
          receive(input, timestamp, windows, pane) {
            const { element, restriction } = partsOf(requireKV(input, name).key);
            const left = splittable.truncate(restriction);
            return left === undefined ? undefined : out(sized(element, left), timestamp, windows, pane);
          },
        };
      case Urn.PROCESS_SIZED_ELEMENTS_AND_RESTRICTIONS:
        return {
          async receive(input, timestamp, windows, pane) {
            const { element, restriction } = partsOf(requireKV(input, name).key);
            const left = await splittable.process(element, restriction, { out, ...context });
            if (left === undefined) return;
            context.handBack({
              element: { value: sized(element, left.restriction), timestamp, windows, pane },
              watermark: left.watermark,
              delayMs: Math.max(0, left.resumeAt - context.now()),
            });
          },
        };
      default:
        throw new RangeError(
          `Cannot run "${name}" as its URN must be a part of a splittable step: received ${urn}`,
        );
    }
  };
}
