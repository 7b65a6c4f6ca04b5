import type { KV } from '../model/kv.ts';
import { decodeOuter, encodeOuter, type Coder, type OuterForm } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/** { key, value }: the key, then the value, each by its own coder. */
export class KVCoder<K, V> implements Coder<KV<K, V>> {
  readonly urn = 'beam:coder:kv:v1';
  readonly components: readonly [key: Coder<K>, value: Coder<V>];
  readonly isDeterministic: boolean;
  readonly outer: OuterForm<KV<K, V>>;
  readonly #key: Coder<K>;
  readonly #value: Coder<V>;

  constructor(key: Coder<K>, value: Coder<V>) {
    this.components = [key, value];
    this.isDeterministic = key.isDeterministic && value.isDeterministic;
    this.#key = key;
    this.#value = value;
    this.outer = {
      encode: (element, to) => {
        requireObject(element);
        key.encode(element.key, to);
        encodeOuter(value, element.value, to);
      },
      decode: (from) => ({ key: key.decode(from), value: decodeOuter(value, from) }),
    };
  }

  encode(element: KV<K, V>, to: OutputBytes): void {
    requireObject(element);
    this.#key.encode(element.key, to);
    this.#value.encode(element.value, to);
  }

  decode(from: InputBytes): KV<K, V> {
    const key = this.#key.decode(from);
    return { key, value: this.#value.decode(from) };
  }
}

function requireObject(element: unknown): void {
  if (typeof element !== 'object' || element === null) {
    refuseValue(element, { coder: 'beam:coder:kv:v1', what: '{ key, value }' });
  }
}
