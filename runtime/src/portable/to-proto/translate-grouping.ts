import type { CombineFn } from '../../model/combine-fn.ts';
import { GLOBAL_WINDOWING } from '../../model/windowing-strategy.ts';
import { mayLift } from '../../windowing/may-lift.ts';
import { onlyInput, payloadOf, type Placed, type Translation } from './translation.ts';

/** groupByKey: a step of ours, which sees to it that elements are { key, value }, and the runner's GroupByKey. */
export function addGroupByKey(placed: Placed, outputId: string, translation: Translation): void {
  const { name, parent, about } = placed;
  translation.builder.composite({ id: name, parent, about });
  const input = addToKV(placed, translation, name);
  translation.builder.groupByKey({ id: `${name}/GroupByKey`, parent: name, input, outputId });
}

/** combinePerKey: the same step, outside of the composite that a runner may replace by its own lifted form. */
export function addCombinePerKey(
  placed: Placed & { readonly fn: CombineFn<unknown, unknown, unknown> },
  outputId: string,
  translation: Translation,
): void {
  const { builder, exports } = translation;
  const { name, parent, about } = placed;
  builder.composite({ id: name, parent, about });
  const input = addToKV(placed, translation, name);
  const windowing = placed.transform.inputs[0]?.windowing ?? GLOBAL_WINDOWING;
  const work = {
    kind: 'combine',
    export: exports.add(placed.fn, `the CombineFn of "${name}"`),
    ...(mayLift(windowing) && { lift: windowing.timestampCombiner }),
  } as const;
  builder.combinePerKey({
    id: `${name}/Combine`,
    parent: name,
    payload: payloadOf(placed, work),
    input,
    outputId,
  });
}

/**
 * Checks that what comes is { key, value }, and gives it as a runner compares keys.
 *
 * @param parent What it is a part of.
 */
export function addToKV(placed: Placed, translation: Translation, parent: string | undefined): string {
  return translation.builder.oneOutput({
    id: `${placed.name}/ToKV`,
    parent,
    payload: payloadOf(placed, { kind: 'toKV' }),
    input: onlyInput(placed, translation),
    output: 'kv',
  });
}
