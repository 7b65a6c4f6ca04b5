import { InputBytes } from '../coders/input-bytes.ts';
import { ValueReader } from '../coders/value-reader.ts';
import type { EncodedValues } from './value-encoder.ts';

/**
 * Reads values in the order in which they were added to a ValueEncoder. Every read makes new objects.
 *
 * @throws {RangeError} where the bytes are no such values; checksums keep that from happening.
 */
export class ValueDecoder {
  readonly #bytes: InputBytes;
  readonly #reader: ValueReader;

  constructor({ bytes, text, shapes, hasReferences }: EncodedValues) {
    this.#bytes = new InputBytes(bytes);
    this.#reader = new ValueReader({ text: text.toString('latin1'), shapes, hasReferences });
  }

  next(): unknown {
    return this.#reader.read(this.#bytes);
  }
}
