import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/** A Uint8Array: its length, and its bytes. Decoding copies them. */
export const BYTES_CODER: Coder<Uint8Array> = Object.freeze({
  urn: 'beam:coder:bytes:v1',
  components: [],
  isDeterministic: true,
  encode(value: Uint8Array, to: OutputBytes): void {
    requireBytes(value);
    to.count(value.length);
    to.raw(value);
  },
  decode: (from: InputBytes) => new Uint8Array(from.raw(from.count())),
  outer: {
    encode(value: Uint8Array, to: OutputBytes): void {
      requireBytes(value);
      to.raw(value);
    },
    decode: (from: InputBytes) => new Uint8Array(from.raw(from.left)),
  },
});

function requireBytes(value: unknown): void {
  if (!(value instanceof Uint8Array))
    refuseValue(value, { coder: 'beam:coder:bytes:v1', what: 'a Uint8Array' });
}
