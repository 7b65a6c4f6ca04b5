import type { PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { GLOBAL_WINDOWING } from '../../model/windowing-strategy.ts';
import { StandardPTransforms_CompositesUrn as COMPOSITE } from '../../proto/urns.ts';
import { AT_ONCE } from './pipeline-builder.ts';
import { onlyInput, payloadOf, type Placed, type Translation } from './translation.ts';

/**
 * reshuffle: Beam's composite of that name, in whose place a runner may deal elements out in its own way (Flink), or end a stage
 * (Prism). Any other groups by a random key, at once, and has the elements back as they were.
 *
 * By key it is that grouping on every runner: what runners put in its place need not keep a key together.
 *
 * @see Beam Python's Reshuffle and ReshufflePerKey
 */
export function addReshuffle(
  placed: Placed & { readonly spec: Extract<PrimitiveSpec, { readonly kind: 'reshuffle' }> },
  outputId: string,
  translation: Translation,
): void {
  const { builder } = translation;
  const { name, parent, about, transform } = placed;
  const { isPerKey, numBuckets } = placed.spec;
  const input = onlyInput(placed, translation);
  builder.composite({ id: name, parent, about, ...(!isPerKey && { urn: COMPOSITE.RESHUFFLE }) });
  const keyed = builder.oneOutput({
    id: `${name}/Keyed`,
    parent: name,
    payload: payloadOf(placed, { kind: 'toReshuffle', isPerKey, numBuckets }),
    input,
    output: 'keyedBytes',
    traits: { windowing: AT_ONCE },
  });
  const grouped = builder.groupByKey({ id: `${name}/GroupByKey`, parent: name, input: keyed });
  builder.oneOutput({
    id: `${name}/Restored`,
    parent: name,
    payload: payloadOf(placed, { kind: 'fromReshuffle' }),
    input: grouped,
    // A runner that puts something else in its place has the same elements before and after it.
    output: builder.formOf(input),
    outputId,
    traits: { windowing: transform.inputs[0]?.windowing ?? GLOBAL_WINDOWING },
  });
}
