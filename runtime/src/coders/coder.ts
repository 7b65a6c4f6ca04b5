import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/**
 * Writes and reads the values of one type as bytes: Beam's Coder.
 *
 * `encode` and `decode` use Beam's nested context: what `encode` writes says itself where it ends, so that values can
 * follow each other.
 *
 * @see beam_runner_api.proto, StandardCoders
 */
export interface Coder<T = unknown> {
  /** Which coder it is, for every SDK and runner: "beam:coder:kv:v1". */
  readonly urn: string;
  /** What it is made of: a key's and a value's coder. */
  readonly components: readonly Coder[];
  /** Bytes that belong to its description; absent in most. */
  readonly payload?: Uint8Array;
  /** Equal values have equal bytes in every process, so they can be keys. */
  readonly isDeterministic: boolean;
  /**
   * Writes `value`.
   *
   * @throws {PipelineError} for a value that this coder has no bytes for; names the path to it.
   */
  encode(value: T, to: OutputBytes): void;
  /**
   * Reads one value.
   *
   * @throws {EndOfInput} if the bytes end before the value does. @throws {RangeError} for bytes that no value has.
   */
  decode(from: InputBytes): T;
  /**
   * The form without its own end, for what is alone in its bytes, as inside a length prefix: Beam's outer context.
   * Absent where it is the same.
   */
  readonly outer?: OuterForm<T> | undefined;
}

/** How a value is written and read where it is alone in its bytes. */
export interface OuterForm<T> {
  encode(value: T, to: OutputBytes): void;
  /** Reads to the end of `from`. */
  decode(from: InputBytes): T;
}

/** Writes a value that is alone in its bytes. */
export function encodeOuter<T>(coder: Coder<T>, value: T, to: OutputBytes): void {
  if (coder.outer === undefined) coder.encode(value, to);
  else coder.outer.encode(value, to);
}

/** Reads a value that is alone in its bytes. */
export function decodeOuter<T>(coder: Coder<T>, from: InputBytes): T {
  return coder.outer === undefined ? coder.decode(from) : coder.outer.decode(from);
}
