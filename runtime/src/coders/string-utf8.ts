import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

const URN = 'beam:coder:string_utf8:v1';

/** A string: the length of its UTF-8, and that. One with a lone surrogate is refused: UTF-8 has no such character. */
export const STRING_UTF8_CODER: Coder<string> = Object.freeze({
  urn: URN,
  components: [],
  isDeterministic: true,
  encode(value: string, to: OutputBytes): void {
    requireText(value);
    const start = to.length;
    to.utf8(value);
    to.prefixLength(start);
  },
  decode: (from: InputBytes) => from.utf8(from.count()),
  outer: {
    encode(value: string, to: OutputBytes): void {
      requireText(value);
      to.utf8(value);
    },
    decode: (from: InputBytes) => from.utf8(from.left),
  },
});

function requireText(value: unknown): void {
  if (typeof value !== 'string') refuseValue(value, { coder: URN, what: 'a string' });
  if (/\p{Surrogate}/u.test(value))
    refuseValue(value, { coder: URN, what: 'a string without lone surrogates' });
}
