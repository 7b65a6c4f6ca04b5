import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/**
 * Writes and reads the values of one type as bytes: Beam's Coder.
 *
 * Always in Beam's nested context: what `encode` writes says itself where it ends, so that values can follow each
 * other.
 *
 * @see beam_runner_api.proto, StandardCoders
 */
export interface Coder<T = unknown> {
  /** Which coder it is, for every SDK and runner: "beam:coder:kv:v1". */
  readonly urn: string;
  /** What it is made of: a key's and a value's coder. */
  readonly components: readonly Coder[];
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
}
