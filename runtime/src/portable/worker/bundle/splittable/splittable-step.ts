import { looksAtWindows, perWindow } from '../../../../executor/element-context.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { parDoOperator } from '../../../../executor/par-do-operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import type { RestrictionWork } from '../../../../executor/splittable/restriction-driver.ts';
import { Splittable } from '../../../../executor/splittable/splittable.ts';
import type { PrimitiveSpec } from '../../../../model/applied-ptransform.ts';
import type { KV } from '../../../../model/kv.ts';
import type { WindowedValue } from '../../../../model/windowed-value.ts';
import { StandardPTransforms_SplittableParDoComponentsUrn as Urn } from '../../../../proto/urns.ts';
import { RunningStep, type RunningStepOptions } from './running-step.ts';

/** URNs of the parts in which runners ask for a splittable step. */
export const SPLITTABLE_PARTS: ReadonlySet<string> = new Set(Object.values(Urn));

/** What the parts of a splittable step give to each other, by way of the runner. */
type Paired = KV<unknown, Omit<RestrictionWork, 'element'>>;
type Sized = KV<Paired, number>;

/** What a splittable step needs of the bundle that it is in. */
export type SplittableContext = Omit<RunningStepOptions, 'isBounded' | 'sized'> & {
  /** The parDo, whose DoFn is splittable. */
  readonly spec: Extract<PrimitiveSpec, { readonly kind: 'parDo' }>;
  /** Takes the step, of the part that does the work. */
  readonly add: (step: RunningStep) => void;
};

/**
 * The part `urn` of a splittable step: element → { key: element, value: restriction } → { key: that, value: size } → outputs.
 *
 * @see beam_runner_api.proto, StandardPTransforms.SplittableParDoComponents
 */
export function splittableStep(
  urn: string,
  context: SplittableContext,
): (options: OperatorOptions) => Operator {
  const { spec } = context;
  return (options) => {
    const { name, transform } = options;
    const splittable = new Splittable(transform, name);
    const workOf = (input: unknown): RestrictionWork => {
      const { key, value } = requireKV(input, name);
      // What the part before it has given, on the way of this one or another worker.
      return { element: key, ...(value as Paired['value']) };
    };
    const sized = async (work: RestrictionWork): Promise<Sized> => ({
      key: pairOf(work),
      value: await splittable.sizeOf(work),
    });
    switch (urn) {
      case Urn.PAIR_WITH_RESTRICTION: {
        const out = mainOutput(options);
        return {
          // Each of the windows that the DoFn looks at has a restriction of its own.
          receive: perWindow(looksAtWindows(spec.context), async (element, timestamp, windows, pane) => {
            await out(pairOf(await splittable.begin(element)), timestamp, windows, pane);
          }),
        };
      }
      case Urn.SPLIT_AND_SIZE_RESTRICTIONS: {
        const out = mainOutput(options);
        return {
          async receive(input, timestamp, windows, pane) {
            for (const part of await splittable.split(workOf(input)))
              await out(await sized(part), timestamp, windows, pane);
          },
        };
      }
      case Urn.TRUNCATE_SIZED_RESTRICTION: {
        const out = mainOutput(options);
        return {
          async receive(input, timestamp, windows, pane) {
            const left = await splittable.truncate(workOf(requireKV(input, name).key));
            if (left !== undefined) await out(await sized(left), timestamp, windows, pane);
          },
        };
      }
      case Urn.PROCESS_SIZED_ELEMENTS_AND_RESTRICTIONS: {
        const step = new RunningStep({
          ...context,
          isBounded: splittable.isBounded,
          sized: (work: WindowedValue<RestrictionWork>) => ({
            ...work,
            // Its size is for the runner's balance alone, and what splits does not wait for one.
            value: { key: pairOf(work.value), value: 1 },
          }),
        });
        context.add(step);
        const operator = parDoOperator(spec, { ...options, restrictions: step.turns });
        return {
          ...operator,
          receive: (input, timestamp, windows, pane) =>
            operator.receive(workOf(requireKV(input, name).key), timestamp, windows, pane),
          async startBundle() {
            step.turns.startBundle();
            await operator.startBundle?.();
          },
          async finishBundle() {
            await operator.finishBundle?.();
            step.turns.finishBundle();
          },
          async teardown() {
            step.turns.finishBundle();
            await operator.teardown?.();
          },
        };
      }
      default:
        throw new RangeError(
          `Cannot run "${name}" as its URN must be a part of a splittable step: received ${urn}`,
        );
    }
  };
}

function pairOf({ element, ...restriction }: RestrictionWork): Paired {
  return { key: element, value: restriction };
}
