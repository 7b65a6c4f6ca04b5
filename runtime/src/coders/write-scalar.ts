import type { OutputBytes } from './output-bytes.ts';
import { TAG } from './value-format.ts';

/** Writes a number in the shortest form of value-format.ts that is exact. */
export function writeNumber(value: number, to: OutputBytes): void {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    to.tagged(TAG.integer, ((value << 1) ^ (value >> 31)) >>> 0);
  } else {
    to.byte(TAG.double);
    to.doubleLE(value);
  }
}

/** Writes a string with its text after its length; `tag` says what it means if it is latin1, as digits are. */
export function writeString(tag: number, value: string, to: OutputBytes): void {
  const start = to.length;
  to.tagged(tag, value.length);
  if (to.latin1(value)) return;
  to.truncate(start);
  writeWideString(value, to);
}

/** Writes a string with two bytes a unit. */
export function writeWideString(value: string, to: OutputBytes): void {
  to.tagged(TAG.wideString, value.length);
  to.utf16(value);
}
