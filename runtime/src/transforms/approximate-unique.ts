import { hash } from 'node:crypto';
import { KeyWriter } from '../coders/key-writer.ts';
import { OutputBytes } from '../coders/output-bytes.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import { describeValue } from '../model/describe-value.ts';
import { requireOptions } from './require-options.ts';

/** How well approximateUnique estimates: one of both. */
export type ApproximateUniqueOptions =
  | {
      /** How many hashes are kept; at least 16. The error is about 2 / √size. */
      readonly size: number;
    }
  | {
      /** How far the estimate may be off, as a part of it: from 0.01 to 0.5. */
      readonly maximumEstimationError: number;
    };

/** The largest hashes so far, and some more. */
export interface LargestHashes {
  hashes: Set<number>;
  /** Of the largest ones, the least, when there were too many; 0 before. */
  least: number;
}

/** Hashes are whole numbers below this: those that a number has exactly. */
const HASHES = 2 ** 53;

/**
 * Estimates how many different elements there are: `combineGlobally(beam.approximateUnique({ size: 1000 }))`, also per key.
 *
 * Elements compare as keys do, by their encoding. It keeps the `size` largest hashes of them: that they are so large tells how
 * many there must be. Fewer elements than that are counted exactly; of none it gives 0.
 *
 * - Cost: O(size) memory for each key, 8 bytes for each hash when it moves; a hash of each element.
 * - The error is above 2 / √size for one in twenty, at most.
 *
 * @throws {RangeError} for a size or an error that is none. @throws {NonDeterministicKeyError} when it runs, for an element without
 *   a deterministic encoding.
 * @see Beam's ApproximateUnique; Bar-Yossef et al., "Counting Distinct Elements in a Data Stream", RANDOM 2002
 */
export function approximateUnique<T>(options: ApproximateUniqueOptions): CombineFn<T, LargestHashes, number> {
  return new ApproximateUniqueFn<T>(sizeOf(options));
}

function sizeOf(options: ApproximateUniqueOptions): number {
  const names = ['size', 'maximumEstimationError'];
  const { size, maximumEstimationError: error } = requireOptions<{
    readonly size?: number;
    readonly maximumEstimationError?: number;
  }>(options, 'estimate how many are unique', names);
  if ((size === undefined) === (error === undefined)) {
    throw new RangeError(
      `Cannot estimate how many are unique as either size or maximumEstimationError must be given: received ${size === undefined ? 'none' : 'both'}`,
    );
  }
  if (error !== undefined) {
    if (error >= 0.01 && error <= 0.5) return Math.ceil(4 / error ** 2);
    throw new RangeError(
      `Cannot estimate how many are unique as maximumEstimationError must be from 0.01 to 0.5: received ${describeValue(error)}`,
    );
  }
  if (size !== undefined && Number.isSafeInteger(size) && size >= 16) return size;
  throw new RangeError(
    `Cannot estimate how many are unique as size must be a whole number, at least 16: received ${describeValue(size)}`,
  );
}

class ApproximateUniqueFn<T> implements CombineFn<T, LargestHashes, number> {
  readonly name: string;
  readonly #size: number;
  readonly #writer = new KeyWriter('ApproximateUnique');
  readonly #bytes = new OutputBytes();

  constructor(size: number) {
    this.name = `ApproximateUnique ${size}`;
    this.#size = size;
  }

  createAccumulator(): LargestHashes {
    return { hashes: new Set(), least: 0 };
  }

  addInput(accumulator: LargestHashes, element: T): LargestHashes {
    this.#bytes.truncate(0);
    this.#writer.write(element, this.#bytes);
    this.#add(accumulator, hashOf(this.#bytes.view()));
    return accumulator;
  }

  mergeAccumulators(accumulators: readonly LargestHashes[]): LargestHashes {
    const merged = this.createAccumulator();
    for (const { hashes } of accumulators) for (const each of hashes) this.#add(merged, each);
    return merged;
  }

  extractOutput({ hashes }: LargestHashes): number {
    if (hashes.size < this.#size) return hashes.size;
    const least = this.#largest(hashes).at(-1) ?? 0;
    // The sample is of the hashes from the least one on; as dense are those before it.
    const space = HASHES - least;
    return Math.round(((Math.log1p(-this.#size / space) / Math.log1p(-1 / space)) * HASHES) / space);
  }

  /** Keeps the largest ones at least; cuts when there are twice as many. */
  #add(accumulator: LargestHashes, each: number): void {
    if (each < accumulator.least) return;
    accumulator.hashes.add(each);
    if (accumulator.hashes.size < 2 * this.#size) return;
    const largest = this.#largest(accumulator.hashes);
    accumulator.hashes = new Set(largest);
    accumulator.least = largest.at(-1) ?? 0;
  }

  #largest(hashes: ReadonlySet<number>): readonly number[] {
    return [...hashes].sort((a, b) => b - a).slice(0, this.#size);
  }
}

/** 53 bits of a hash that is the same everywhere. */
function hashOf(bytes: Uint8Array): number {
  const digest = hash('sha256', bytes, 'buffer');
  return digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11);
}
