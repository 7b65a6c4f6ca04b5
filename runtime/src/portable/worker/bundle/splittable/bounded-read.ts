import { ofSource } from '../../../../engine/read-source.ts';
import type { PrimitiveSpec } from '../../../../model/applied-ptransform.ts';
import type { KV } from '../../../../model/kv.ts';
import { OffsetRangeTracker, type OffsetRange } from '../../../../model/offset-range.ts';
import { restrictionParam, type Restriction } from '../../../../model/restriction.ts';
import type { CuttableSource, ShardPart } from '../../../shard-parts.ts';

/** Reads { key, value: ShardPart } as a splittable DoFn, which a runner may cut at any element. */
export function boundedRead(
  source: CuttableSource,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Extract<PrimitiveSpec, { readonly kind: 'parDo' }> {
  const work = restrictionParam<KV<number, ShardPart>, OffsetRange, number>({
    initialRestriction: ({ value }) => value.range ?? { start: 0, stop: 1 },
    createTracker: (range) => new OffsetRangeTracker(range),
    restrictionSize: ({ value }, { start, stop }) =>
      value.range === undefined ? (value.shard.bytes ?? 1) : stop - start,
  });
  async function* process(
    { value: { shard, range } }: KV<number, ShardPart>,
    context: { readonly work: Restriction<OffsetRange, number> },
  ) {
    const { start } = context.work.currentRestriction();
    const refused: number[] = [];
    const claim = (position: number) => {
      const isTaken = refused.length === 0 && context.work.tryClaim(position);
      if (!isTaken) refused.push(position);
      return isTaken;
    };
    if (range === undefined && !claim(start)) return;
    const all = source.readFrom(shard, { start, claim: range === undefined ? () => true : claim, signal });
    const lots = all[Symbol.asyncIterator]();
    try {
      for (;;) {
        const lot = await ofSource(name, () => lots.next());
        if (lot.done === true) break;
        yield* lot.value;
      }
    } finally {
      await lots.return?.();
    }
    // No element begins between the last one and the end: it is done as well.
    if (range !== undefined && refused.length === 0) claim(context.work.currentRestriction().stop);
  }
  return { kind: 'parDo', doFn: { name, process }, context: { work }, tags: [] };
}
