import type { BoundedSource, SourceShard } from '../model/bounded-source.ts';
import { splitOffsetRange, type OffsetRange } from '../model/offset-range.ts';

/** Parts of a shard in which it is dealt out, in its positions: 64 MB of text. */
const PART = 64 * 1024 * 1024;

/** A shard whose positions are read from one to another; without a range all of it, as it cannot be cut. */
export interface ShardPart {
  readonly shard: SourceShard;
  readonly range: OffsetRange | undefined;
}

/** A source whose shards can be cut. */
export type CuttableSource = BoundedSource<unknown> &
  Required<Pick<BoundedSource<unknown>, 'positionsOf' | 'readFrom'>>;

export function isCuttable(source: BoundedSource<unknown>): source is CuttableSource {
  return source.readFrom !== undefined && source.positionsOf !== undefined;
}

/** The parts in which a shard is dealt out. */
export function partsOf(source: CuttableSource, shard: SourceShard): readonly ShardPart[] {
  const range = source.positionsOf(shard);
  if (range === undefined || range.stop - range.start <= PART) return [{ shard, range }];
  return splitOffsetRange(range, PART).map((part) => ({ shard, range: part }));
}
