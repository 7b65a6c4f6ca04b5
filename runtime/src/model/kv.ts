/** A key and a value: what groupByKey and combinePerKey take and give. */
export interface KV<K, V> {
  readonly key: K;
  readonly value: V;
}
