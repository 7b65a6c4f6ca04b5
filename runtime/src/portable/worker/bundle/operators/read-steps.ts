import { readSourceShard, shardsOf } from '../../../../engine/read-source.ts';
import { mainOutput, type Operator, type OperatorOptions } from '../../../../executor/operator.ts';
import { requireKV } from '../../../../executor/require-kv.ts';
import type { BoundedSource, SourceShard } from '../../../../model/bounded-source.ts';
import { isCuttable, partsOf } from '../../../shard-parts.ts';

/** Emits what a source has to read, for each impulse: each shard, or part of one that can be cut, under a key of its own. */
export function readShardsOperator(source: BoundedSource<unknown>, options: OperatorOptions): Operator {
  const out = mainOutput(options);
  return {
    async receive(_impulse, timestamp, windows, pane) {
      const shards = await shardsOf(source, options.name);
      const parts = isCuttable(source) ? shards.flatMap((shard) => partsOf(source, shard)) : shards;
      for (const [key, value] of parts.entries()) await out({ key, value }, timestamp, windows, pane);
    },
  };
}

/** Reads the shard in each { key, value: shard }. */
export function readShardOperator(
  source: BoundedSource<unknown>,
  options: OperatorOptions & { readonly signal: AbortSignal },
): Operator {
  const { name, signal } = options;
  const receive = mainOutput(options);
  return {
    async receive(element) {
      const { value } = requireKV(element, name);
      // As readShards gave it.
      await readSourceShard(source, value as SourceShard, { receive, name, signal });
    },
  };
}
