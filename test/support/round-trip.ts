import type { Coder } from '../../runtime/src/coders/coder.ts';
import { InputBytes } from '../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../runtime/src/coders/output-bytes.ts';

/** What `coder` writes for `value`. */
export function encoded<T>(coder: Coder<T>, value: T): Uint8Array {
  const to = new OutputBytes();
  coder.encode(value, to);
  return to.take();
}

/** The same in hexadecimal. */
export function hexOf<T>(coder: Coder<T>, value: T): string {
  return Buffer.from(encoded(coder, value)).toString('hex');
}

/** What `coder` reads from `bytes`, which it must use up. */
export function decoded<T>(coder: Coder<T>, bytes: Uint8Array): T {
  const from = new InputBytes(bytes);
  const value = coder.decode(from);
  if (from.left > 0)
    throw new RangeError(`Cannot go on as all bytes must be read: received ${from.left} more`);
  return value;
}
