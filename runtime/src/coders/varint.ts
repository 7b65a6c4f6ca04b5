import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

const URN = 'beam:coder:varint:v1';
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/**
 * An integer of 64 bits, in as few bytes as it needs; negative ones need 10.
 *
 * A number if it is a safe integer, else a bigint, when encoded and when decoded.
 */
export const VARINT_CODER: Coder<number | bigint> = Object.freeze({
  urn: URN,
  components: [],
  isDeterministic: true,
  encode(value: number | bigint, to: OutputBytes): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      if (value >= 0) to.count(value);
      else encodeBig(BigInt(value), to);
    } else if (typeof value === 'bigint' && value >= LEAST && value <= MOST) {
      encodeBig(value, to);
    } else {
      refuseValue(value, { coder: URN, what: 'an integer of 64 bits' });
    }
  },
  decode(from: InputBytes): number | bigint {
    let value = 0;
    let factor = 1;
    // 7 bytes have 49 bits: exact in a number.
    for (let index = 0; index < 7; index++) {
      const byte = from.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    let big = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = from.byte();
      big |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return exact(BigInt.asIntN(64, big));
    }
    throw new RangeError('Cannot decode a varint as it must end after 10 bytes: received more');
  },
});

function encodeBig(value: bigint, to: OutputBytes): void {
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    to.byte(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  to.byte(Number(rest));
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
