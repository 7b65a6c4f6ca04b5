import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';
import { VARINT_CODER } from './varint.ts';

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
/** Digits that a decoded exponent may stand for: a few bytes must not become a text of gigabytes. */
const MOST_ZEROS = 10_000;

/**
 * A decimal number of any length, as text: "3.1415", "-100.10", also "1e3" when it is encoded.
 *
 * The digits after the point are kept, zeros too: that is the scale, a varint, in front of all digits as one integer.
 *
 * @see Beam Java's BigDecimalCoder
 */
export const DECIMAL_CODER: Coder<string> = Object.freeze({
  urn: 'millrace:coder:decimal:v1',
  components: [],
  /** 1.0 and 1.00 are different texts too. */
  isDeterministic: true,
  encode(value: string, to: OutputBytes): void {
    const parts = typeof value === 'string' ? DECIMAL.exec(value) : null;
    if (parts === null) refuseValue(value, { coder: 'decimal', what: 'the text of a decimal number' });
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
    if (whole + fraction === '')
      refuseValue(value, { coder: 'decimal', what: 'the text of a decimal number' });
    // Java's and Python's encodings of a negative scale differ: zeros are written in its place.
    const scale = fraction.length - Number(exponent);
    const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -scale));
    to.count(Math.max(0, scale));
    encodeInteger(sign === '-' ? -digits : digits, to);
  },
  decode(from: InputBytes): string {
    const scale = Number(VARINT_CODER.decode(from));
    // A negative one of Java has 32 bits.
    const signed = scale > 0x7fffffff && scale < 2 ** 32 ? scale | 0 : scale;
    if (Math.abs(signed) > MOST_ZEROS) {
      throw new RangeError(
        `Cannot decode a decimal as its scale must be at most ${MOST_ZEROS}: received ${signed}`,
      );
    }
    return decimalText(decodeInteger(from), signed);
  },
});

/** An integer of any length in two's complement, the highest byte first, and its length in front. */
function encodeInteger(value: bigint, to: OutputBytes): void {
  const bits = (value < 0n ? ~value : value).toString(2).replace(/^0$/, '').length + 1;
  const length = Math.ceil(bits / 8);
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  to.count(length);
  to.raw(Buffer.from(hex, 'hex'));
}

function decodeInteger(from: InputBytes): bigint {
  const length = from.count();
  if (length === 0) throw new RangeError('Cannot decode a decimal as it must have a digit: received none');
  return BigInt.asIntN(length * 8, BigInt(`0x${from.raw(length).toString('hex')}`));
}

function decimalText(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString();
  const sign = digits < 0n ? '-' : '';
  if (scale <= 0) return sign + (digits === 0n ? text : text + '0'.repeat(-scale));
  const padded = text.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
