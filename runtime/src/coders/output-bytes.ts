/** What a buffer holds at least. */
const LEAST_BYTES = 1024;
/** A buffer that follows a taken one is as large as that was, but no larger than this. */
const MOST_BYTES = 1024 * 1024;
/** Up to this length a loop copies a string faster than a call into the runtime. */
const SHORT_STRING = 64;
/** Room that a scalar and a tag need at most. */
const SCALAR_BYTES = 16;

const NOTHING = Buffer.alloc(0);

/**
 * Bytes that grow at their end: what coders write to.
 *
 * What `take` gave is never written again, and has a buffer of its own, so that it may be transferred to a thread.
 */
export class OutputBytes {
  #bytes: Buffer = NOTHING;
  #length = 0;
  #nextSize: number;

  /** @param size Bytes of the first buffer. */
  constructor(size = LEAST_BYTES) {
    this.#nextSize = size;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** All bytes so far; they end here, and the next ones go to a new buffer. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes;
    const length = this.#length;
    this.#nextSize = Math.max(LEAST_BYTES, Math.min(length + (length >> 2), MOST_BYTES));
    this.#bytes = NOTHING;
    this.#length = 0;
    // Allocated by #grow, on an ArrayBuffer of its own.
    return new Uint8Array(taken.buffer as ArrayBuffer, taken.byteOffset, length);
  }

  /** All bytes so far, as they are until the next one is written. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what came after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** One byte. */
  byte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = byte;
  }

  /** A safe integer that is not negative, as unsigned LEB128: Beam's VarInt. */
  count(count: number): void {
    if (this.#length + SCALAR_BYTES > this.#bytes.length) this.#grow(SCALAR_BYTES);
    this.#count(count);
  }

  /** A byte, and a count. */
  tagged(tag: number, count: number): void {
    if (this.#length + SCALAR_BYTES > this.#bytes.length) this.#grow(SCALAR_BYTES);
    this.#bytes[this.#length++] = tag;
    this.#count(count);
  }

  /** 32 bits, the highest first. */
  uint32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    const bytes = this.#bytes;
    bytes[this.#length++] = value >>> 24;
    bytes[this.#length++] = value >>> 16;
    bytes[this.#length++] = value >>> 8;
    bytes[this.#length++] = value;
  }

  /** An IEEE 754 number of 8 bytes, the highest first. */
  doubleBE(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  /** An IEEE 754 number of 8 bytes, the lowest first. */
  doubleLE(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** These bytes, without their length. */
  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    if (length > SHORT_STRING) {
      this.#bytes.set(bytes, this.#length);
    } else {
      for (let index = 0; index < length; index++) this.#bytes[this.#length + index] = bytes[index] ?? 0;
    }
    this.#length += length;
  }

  /** A byte a character, without their count; false, and nothing written, if one is not latin1. */
  latin1(value: string): boolean {
    const { length } = value;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    const bytes = this.#bytes;
    const at = this.#length;
    if (length > SHORT_STRING) {
      if (/[^\0-\xff]/.test(value)) return false;
      bytes.write(value, at, 'latin1');
    } else {
      for (let index = 0; index < length; index++) {
        const unit = value.charCodeAt(index);
        if (unit > 0xff) return false;
        bytes[at + index] = unit;
      }
    }
    this.#length = at + length;
    return true;
  }

  /** Two bytes a UTF-16 unit, the lower first, without their count. */
  utf16(value: string): void {
    if (this.#length + value.length * 2 > this.#bytes.length) this.#grow(value.length * 2);
    this.#length += this.#bytes.write(value, this.#length, 'utf16le');
  }

  /** UTF-8, without its length; a lone surrogate becomes U+FFFD. */
  utf8(value: string): void {
    if (this.#length + value.length * 3 > this.#bytes.length) this.#grow(value.length * 3);
    this.#length += this.#bytes.write(value, this.#length, 'utf8');
  }

  /** Puts in front of what was written since `start` its length, as a count. */
  prefixLength(start: number): void {
    const length = this.#length - start;
    this.count(length); // at the end first, to see how long it is
    const end = start + length;
    const prefix = this.#length - end;
    if (prefix === 1) {
      this.#bytes.copyWithin(start + 1, start, end);
      this.#bytes[start] = length;
    } else {
      const bytes = Uint8Array.prototype.slice.call(this.#bytes, end, end + prefix);
      this.#bytes.copyWithin(start + prefix, start, end);
      this.#bytes.set(bytes, start);
    }
  }

  #count(count: number): void {
    let rest = count;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(room: number): void {
    // Slow as it does not come from Node's pool: a buffer of the pool cannot be transferred.
    const bigger = Buffer.allocUnsafeSlow(
      Math.max(this.#nextSize, this.#bytes.length * 2, this.#length + room),
    );
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
  }
}
