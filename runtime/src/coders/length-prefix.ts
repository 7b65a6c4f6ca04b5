import { decodeOuter, encodeOuter, type Coder } from './coder.ts';
import { EndOfInput } from './end-of-input.ts';
import { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/**
 * The length of what another coder writes, then that, in Beam's outer context: so that a runner that does not know the
 * other coder can pass its values on.
 */
export class LengthPrefixCoder<T> implements Coder<T> {
  readonly urn = 'beam:coder:length_prefix:v1';
  readonly components: readonly [Coder<T>];
  readonly isDeterministic: boolean;
  readonly #value: Coder<T>;

  constructor(value: Coder<T>) {
    this.components = [value];
    this.isDeterministic = value.isDeterministic;
    this.#value = value;
  }

  encode(value: T, to: OutputBytes): void {
    const start = to.length;
    encodeOuter(this.#value, value, to);
    to.prefixLength(start);
  }

  decode(from: InputBytes): T {
    const length = from.count();
    if (length > from.left) throw new EndOfInput(length - from.left);
    const end = from.position + length;
    // What needs no other form in here needs no end either.
    const value =
      this.#value.outer === undefined
        ? this.#value.decode(from)
        : decodeOuter(this.#value, new InputBytes(from.raw(length)));
    if (from.position !== end) {
      throw new RangeError(
        `Cannot decode a length-prefixed value as it must end with its ${length} bytes: received one of ${length + from.position - end}`,
      );
    }
    return value;
  }
}
