import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';
import { decodeTimestamp, encodeTimestamp } from './timestamp.ts';

/**
 * A Date, as 8 bytes in the order of time: rows' `millis_instant`, whose bytes are not those of its representation.
 *
 * @see Beam Java's InstantCoder; Beam Python's row_coder.py, on MillisInstant
 */
export const INSTANT_CODER: Coder<Date> = Object.freeze({
  urn: 'millrace:coder:instant:v1',
  components: [],
  isDeterministic: true,
  encode(value: Date, to: OutputBytes): void {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
      refuseValue(value, { coder: 'millis_instant', what: 'a valid Date' });
    }
    encodeTimestamp(value.getTime(), to);
  },
  decode(from: InputBytes): Date {
    const millis = decodeTimestamp(from);
    const date = new Date(millis);
    if (Number.isNaN(date.getTime())) {
      throw new RangeError(
        `Cannot decode an instant as it must be a Date of JavaScript: received ${millis} ms`,
      );
    }
    return date;
  },
});
