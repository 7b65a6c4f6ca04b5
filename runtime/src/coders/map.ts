import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/**
 * A Map: the count of its entries in 32 bits, then each one's key and value. Inside rows only: it is no standard coder.
 *
 * @see schema.proto, MapType; Beam Python's MapCoderImpl
 */
export class MapCoder<K, V> implements Coder<ReadonlyMap<K, V>> {
  readonly urn = 'millrace:coder:map:v1';
  readonly components: readonly [key: Coder<K>, value: Coder<V>];
  /** Two Maps are equal whatever the order of their entries, which is that of the bytes. */
  readonly isDeterministic = false;
  readonly #key: Coder<K>;
  readonly #value: Coder<V>;

  constructor(key: Coder<K>, value: Coder<V>) {
    this.components = [key, value];
    this.#key = key;
    this.#value = value;
  }

  encode(map: ReadonlyMap<K, V>, to: OutputBytes): void {
    if (!(map instanceof Map)) refuseValue(map, { coder: 'map', what: 'a Map' });
    to.uint32(map.size);
    // instanceof gives Map<any, any>.
    for (const [key, value] of map as ReadonlyMap<K, V>) {
      this.#key.encode(key, to);
      this.#value.encode(value, to);
    }
  }

  decode(from: InputBytes): ReadonlyMap<K, V> {
    const map = new Map<K, V>();
    for (let count = from.uint32(); count > 0; count--) {
      const key = this.#key.decode(from);
      map.set(key, this.#value.decode(from));
    }
    return map;
  }
}
