import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

const URN = 'beam:coder:bool:v1';

/** A boolean: one byte, 0 or 1. */
export const BOOL_CODER: Coder<boolean> = Object.freeze({
  urn: URN,
  components: [],
  isDeterministic: true,
  encode(value: unknown, to: OutputBytes): void {
    if (typeof value !== 'boolean') refuseValue(value, { coder: URN, what: 'a boolean' });
    to.byte(value ? 1 : 0);
  },
  decode(from: InputBytes): boolean {
    const byte = from.byte();
    if (byte > 1)
      throw new RangeError(`Cannot decode a boolean as its byte must be 0 or 1: received ${byte}`);
    return byte === 1;
  },
});
