import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/** Coders of numbers that rows have beside Beam's standard ones; Beam Java names them so. @module */

/** An integer of 8 bits with a sign: schemas' BYTE. */
export const BYTE_CODER = integerCoder('byte', 8, {
  write(value, to) {
    to.byte(value & 0xff);
  },
  read: (from) => (from.byte() << 24) >> 24,
});

/** An integer of 16 bits with a sign, the highest byte first: schemas' INT16. */
export const BIG_ENDIAN_SHORT_CODER = integerCoder('big_endian_short', 16, {
  write(value, to) {
    to.byte((value >> 8) & 0xff);
    to.byte(value & 0xff);
  },
  read: (from) => ((from.byte() << 24) >> 16) | from.byte(),
});

/** An integer of 32 bits with a sign, in as few bytes as it needs; negative ones need 5: schemas' INT32. */
export const VAR_INT_32_CODER = integerCoder('var_int_32', 32, {
  write(value, to) {
    to.count(value >>> 0);
  },
  read(from) {
    const count = from.count();
    if (count >= 2 ** 32) {
      throw new RangeError(`Cannot decode an int32 as it must have 32 bits: received ${count}`);
    }
    return count | 0;
  },
});

/** A number of 32 bits, the highest byte first: schemas' FLOAT. Others are rounded to the nearest one. */
export const FLOAT_CODER: Coder<number> = Object.freeze({
  urn: 'millrace:coder:float:v1',
  components: [],
  isDeterministic: true,
  encode(value: number, to: OutputBytes): void {
    if (typeof value !== 'number') refuseValue(value, { coder: 'float', what: 'a number' });
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setFloat32(0, value);
    to.uint32(bytes.getUint32(0));
  },
  decode(from: InputBytes): number {
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setUint32(0, from.uint32());
    return bytes.getFloat32(0);
  },
});

function integerCoder(
  name: string,
  bits: 8 | 16 | 32,
  { write, read }: { write: (value: number, to: OutputBytes) => void; read: (from: InputBytes) => number },
): Coder<number> {
  const most = 2 ** (bits - 1) - 1;
  return Object.freeze({
    urn: `millrace:coder:${name}:v1`,
    components: [],
    isDeterministic: true,
    encode(value: number, to: OutputBytes): void {
      if (!Number.isInteger(value) || value > most || value < -most - 1) {
        refuseValue(value, { coder: name, what: `an integer of ${bits} bits` });
      }
      write(value, to);
    },
    decode: read,
  });
}
