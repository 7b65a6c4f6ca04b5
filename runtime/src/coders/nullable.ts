import { decodeOuter, encodeOuter, type Coder, type OuterForm } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/** A byte 0 for null; or 1, and the value. */
export class NullableCoder<T> implements Coder<T | null> {
  readonly urn = 'beam:coder:nullable:v1';
  readonly components: readonly [Coder<T>];
  readonly isDeterministic: boolean;
  readonly outer: OuterForm<T | null>;
  readonly #value: Coder<T>;

  constructor(value: Coder<T>) {
    this.components = [value];
    this.isDeterministic = value.isDeterministic;
    this.#value = value;
    this.outer = {
      encode: (element, to) => {
        to.byte(element === null ? 0 : 1);
        if (element !== null) encodeOuter(value, element, to);
      },
      decode: (from) => (isPresent(from) ? decodeOuter(value, from) : null),
    };
  }

  encode(value: T | null, to: OutputBytes): void {
    to.byte(value === null ? 0 : 1);
    if (value !== null) this.#value.encode(value, to);
  }

  decode(from: InputBytes): T | null {
    return isPresent(from) ? this.#value.decode(from) : null;
  }
}

function isPresent(from: InputBytes): boolean {
  const byte = from.byte();
  if (byte > 1)
    throw new RangeError(`Cannot decode a nullable as its first byte must be 0 or 1: received ${byte}`);
  return byte === 1;
}
