import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

const URN = 'beam:coder:double:v1';

/** A number: its 8 bytes by IEEE 754, the highest first. */
export const DOUBLE_CODER: Coder<number> = Object.freeze({
  urn: URN,
  components: [],
  isDeterministic: true,
  encode(value: unknown, to: OutputBytes): void {
    if (typeof value !== 'number') refuseValue(value, { coder: URN, what: 'a number' });
    to.doubleBE(value);
  },
  decode: (from: InputBytes) => from.doubleBE(),
});
