import { guardCombine } from '../../../../executor/combine-operators.ts';
import { liftOperator, toAccumulatorOperator } from '../../../../executor/lift-operator.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import type { CombineFn } from '../../../../model/combine-fn.ts';
import type { TimestampCombiner } from '../../../../model/windowing-strategy.ts';
import { StandardPTransforms_CombineComponentsUrn as Urn } from '../../../../proto/urns.ts';

/** Accumulators that are merged at a time: a group may be larger than memory. */
const MERGE_AT = 64;

/**
 * The part `urn` of a combine, in the form in which runners lift it.
 *
 * @param combineFn What the captured module exports.
 * @param lift Which timestamp the precombine gives to what it adds up; undefined if it must not add up.
 * @see beam_runner_api.proto, StandardPTransforms.CombineComponents
 */
export function combineStep(
  urn: string,
  { combineFn, lift }: { readonly combineFn: unknown; readonly lift: TimestampCombiner | undefined },
): (options: OperatorOptions) => Operator {
  const fn = combineFn as CombineFn<unknown, unknown, unknown>; // the capture wrote it
  return (options) => {
    const out = mainOutput(options);
    if (urn === Urn.COMBINE_PER_KEY_PRECOMBINE) {
      return lift === undefined
        ? toAccumulatorOperator(fn, { ...options, shuffle: out })
        : liftOperator(fn, { ...options, shuffle: out, timestampCombiner: lift });
    }
    const combine = guardCombine(fn, options);
    return {
      receive(element, timestamp, windows, pane) {
        const { key, value } = requireKV(element, options.name);
        return out({ key, value: convert(value) }, timestamp, windows, pane);
      },
    };

    function convert(value: unknown): unknown {
      // A grouping's coder decodes its values to an iterable.
      switch (urn) {
        case Urn.COMBINE_PER_KEY_CONVERT_TO_ACCUMULATORS:
          return combine.add(combine.create(), value);
        case Urn.COMBINE_PER_KEY_MERGE_ACCUMULATORS:
          return mergeAll(value as Iterable<unknown>);
        case Urn.COMBINE_PER_KEY_EXTRACT_OUTPUTS:
          return combine.extract(value);
        case Urn.COMBINE_GROUPED_VALUES: {
          let accumulator = combine.create();
          for (const input of value as Iterable<unknown>) accumulator = combine.add(accumulator, input);
          return combine.extract(accumulator);
        }
        default:
          throw new RangeError(
            `Cannot run "${options.name}" as its URN must be a part of a combine: received ${urn}`,
          );
      }
    }

    function mergeAll(accumulators: Iterable<unknown>): unknown {
      let open: unknown[] = [];
      for (const accumulator of accumulators) {
        open.push(accumulator);
        if (open.length >= MERGE_AT) open = [combine.merge(open)];
      }
      return open.length === 0 ? combine.create() : combine.merge(open);
    }
  };
}
