import { EndOfInput } from './end-of-input.ts';

/** Bytes that are read from their start on: what coders read from. Reading past the end throws EndOfInput. */
export class InputBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Bytes that were read. */
  get position(): number {
    return this.#at;
  }

  /** Goes back, or on, to where `position` was. */
  set position(position: number) {
    this.#at = position;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** One byte. */
  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new EndOfInput(1);
    this.#at++;
    return byte;
  }

  /**
   * An unsigned LEB128 number, as OutputBytes.count writes it.
   *
   * @throws {RangeError} if it is no safe integer.
   */
  count(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let count = first & 0x7f;
    for (let factor = 128; ; factor *= 128) {
      const byte = this.byte();
      count += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      if (factor > Number.MAX_SAFE_INTEGER) break;
    }
    if (count > Number.MAX_SAFE_INTEGER) {
      throw new RangeError('Cannot decode a count as it must be a safe integer: received a greater one');
    }
    return count;
  }

  /** 32 bits, the highest first, as a number that is not negative. */
  uint32(): number {
    return this.#bytes.readUInt32BE(this.#pass(4));
  }

  /** An IEEE 754 number of 8 bytes, the highest first. */
  doubleBE(): number {
    return this.#bytes.readDoubleBE(this.#pass(8));
  }

  /** An IEEE 754 number of 8 bytes, the lowest first. */
  doubleLE(): number {
    return this.#bytes.readDoubleLE(this.#pass(8));
  }

  /** The next `length` bytes: a view, valid as long as the bytes that this was made of. */
  raw(length: number): Buffer {
    const at = this.#pass(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Characters of a byte each. */
  latin1(length: number): string {
    const at = this.#pass(length);
    return this.#bytes.toString('latin1', at, at + length);
  }

  /** UTF-16 units of two bytes each. */
  utf16(units: number): string {
    const at = this.#pass(units * 2);
    return this.#bytes.toString('utf16le', at, at + units * 2);
  }

  /** UTF-8 of so many bytes. */
  utf8(bytes: number): string {
    const at = this.#pass(bytes);
    return this.#bytes.toString('utf8', at, at + bytes);
  }

  /** Copies bytes that were read, from position `start` on, to the beginning of `target`. */
  copy(start: number, target: Uint8Array, length: number): void {
    for (let index = 0; index < length; index++) target[index] = this.#bytes[start + index] ?? 0;
  }

  /** Whether the first `length` of these bytes come next; if so, they are read. */
  skip(expected: Uint8Array, length = expected.length): boolean {
    const at = this.#at;
    if (length > this.#bytes.length - at) return false;
    for (let index = 0; index < length; index++) {
      if (this.#bytes[at + index] !== expected[index]) return false;
    }
    this.#at = at + length;
    return true;
  }

  #pass(length: number): number {
    const at = this.#at;
    const missing = at + length - this.#bytes.length;
    if (missing > 0) throw new EndOfInput(missing);
    this.#at = at + length;
    return at;
  }
}
