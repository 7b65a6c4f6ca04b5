import type { AtomicType } from '../model/schema.ts';

/** Whether a value is one of an atomic type: what its coder has bytes for. */
export const HOLDS: Readonly<Record<AtomicType, (value: unknown) => boolean>> = Object.freeze({
  byte: (value) => isInteger(value, 8),
  int16: (value) => isInteger(value, 16),
  int32: (value) => isInteger(value, 32),
  int64: (value) =>
    typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value),
  float: (value) => typeof value === 'number',
  double: (value) => typeof value === 'number',
  // UTF-8 has no lone surrogates.
  string: (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value),
  boolean: (value) => typeof value === 'boolean',
  bytes: (value) => value instanceof Uint8Array,
} satisfies Record<AtomicType, (value: unknown) => boolean>);

function isInteger(value: unknown, bits: number): boolean {
  const most = 2 ** (bits - 1);
  return Number.isInteger(value) && Number(value) >= -most && Number(value) < most;
}
