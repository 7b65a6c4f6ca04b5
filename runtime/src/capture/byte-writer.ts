import { createHash, type Hash } from 'node:crypto';

const SIZE = 1 << 16;
/** Strings up to this length are copied by a loop, which is faster than a call of Buffer. */
const SHORT = 40;

/**
 * Hashes a stream of numbers and strings, each written so that no two different streams have the same bytes.
 *
 * One instance, with one buffer, serves many hashes in turn. Numbers are little-endian on every machine.
 */
export class ByteWriter {
  readonly #buffer = Buffer.allocUnsafeSlow(SIZE);
  readonly #view = new DataView(this.#buffer.buffer);
  #at = 0;
  #hash: Hash = createHash('sha256');

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  /** A count or an index, below 2^32. */
  count(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** All bits of a number; every NaN is the same, and -0 is not 0. */
  number(value: number): void {
    this.#reserve(8);
    // The bits of a NaN differ with how it was computed, which no program can see.
    this.#view.setFloat64(this.#at, Number.isNaN(value) ? NaN : value, true);
    this.#at += 8;
  }

  /** Many numbers in a row. */
  numbers(values: readonly number[]): void {
    const view = this.#view;
    let at = this.#at;
    for (const value of values) {
      if (at + 8 > SIZE) {
        this.#at = at;
        this.#flush();
        at = 0;
      }
      view.setFloat64(at, Number.isNaN(value) ? NaN : value, true);
      at += 8;
    }
    this.#at = at;
  }

  /** A string with its length. Lone surrogates, which UTF-8 cannot hold, are kept. */
  string(value: string): void {
    if (value.length <= SHORT && this.#ascii(value)) return;
    // Node 20 has it, TypeScript's ES2023 does not.
    const { isWellFormed } = String.prototype as unknown as { isWellFormed: (this: string) => boolean };
    const encoding = isWellFormed.call(value) ? 'utf8' : 'utf16le';
    const bytes = Buffer.byteLength(value, encoding);
    // The high bit tells the two encodings apart; no string has 2^31 bytes.
    this.count(encoding === 'utf8' ? bytes : (bytes | 0x80000000) >>> 0);
    if (bytes <= SIZE) {
      this.#reserve(bytes);
      this.#at += this.#buffer.write(value, this.#at, encoding);
    } else {
      this.#flush();
      this.#hash.update(value, encoding);
    }
  }

  /** Bytes with their count. */
  bytes(value: Uint8Array): void {
    this.count(value.length);
    if (value.length <= SIZE) {
      this.#reserve(value.length);
      this.#buffer.set(value, this.#at);
      this.#at += value.length;
    } else {
      this.#flush();
      this.#hash.update(value);
    }
  }

  /** The hash of all that was written since the last call, in hexadecimal; starts anew. */
  digest(): string {
    this.#flush();
    const digest = this.#hash.digest('hex');
    this.#hash = createHash('sha256');
    return digest;
  }

  /** Drops what was written since the last `digest`. */
  reset(): void {
    this.#at = 0;
    this.#hash = createHash('sha256');
  }

  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(4 + length);
    const start = this.#at + 4;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      this.#buffer[start + i] = code;
    }
    this.#view.setUint32(this.#at, length, true);
    this.#at = start + length;
    return true;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > SIZE) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#at));
    this.#at = 0;
  }
}
