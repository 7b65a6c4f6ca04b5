import { BYTES_CODER } from './bytes.ts';
import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/** A key, and which part of its values is meant: Beam's ShardedKey, by which runners spread the values of one key. */
export interface ShardedKey<K> {
  readonly shardId: Uint8Array;
  readonly key: K;
}

/** The shard's bytes with their length, then the key. */
export class ShardedKeyCoder<K> implements Coder<ShardedKey<K>> {
  readonly urn = 'beam:coder:sharded_key:v1';
  readonly components: readonly [Coder<K>];
  readonly isDeterministic: boolean;
  readonly #key: Coder<K>;

  constructor(key: Coder<K>) {
    this.components = [key];
    this.isDeterministic = key.isDeterministic;
    this.#key = key;
  }

  encode({ shardId, key }: ShardedKey<K>, to: OutputBytes): void {
    BYTES_CODER.encode(shardId, to);
    this.#key.encode(key, to);
  }

  decode(from: InputBytes): ShardedKey<K> {
    const shardId = BYTES_CODER.decode(from);
    return { shardId, key: this.#key.decode(from) };
  }
}
