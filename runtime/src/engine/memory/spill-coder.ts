import { PipelineError } from '../../errors.ts';
import { pathTo, Unfaithful } from '../../coders/faithful.ts';
import type { InputBytes } from '../../coders/input-bytes.ts';
import type { OutputBytes } from '../../coders/output-bytes.ts';
import { ValueReader } from '../../coders/value-reader.ts';
import { ValueWriter } from '../../coders/value-writer.ts';

/** A list is written in pieces of about so many bytes, so that one that is larger than memory can be read. */
export const PIECE_BYTES = 64 * 1024;

/** Writes and reads what is spilled, in the form of coders/value-format.ts; compressed it would take longer than the disk. */
export class SpillCoder {
  readonly transform: string;
  readonly #writer = new ValueWriter();
  readonly #reader = new ValueReader();

  /** @param transform Full name of who spills, for errors. */
  constructor(transform: string) {
    this.transform = transform;
  }

  /** @throws {PipelineError} for what would come back changed. */
  write(value: unknown, to: OutputBytes): void {
    try {
      this.#writer.write(value, to);
    } catch (error) {
      throw this.#explained(error, value);
    }
  }

  /** Writes the first of these values from `from` on, as many as make a piece; gives where the next piece begins. */
  writePiece(values: readonly unknown[], from: number, to: OutputBytes): number {
    const start = to.length;
    let at = from;
    while (at < values.length && to.length - start < PIECE_BYTES) this.write(values[at++], to);
    return at;
  }

  read(from: InputBytes): unknown {
    return this.#reader.read(from);
  }

  #explained(error: unknown, value: unknown): unknown {
    const { transform } = this;
    const action = `Cannot spill what "${transform}" holds as all of it must be data:`;
    if (error instanceof Unfaithful) {
      const path = pathTo(value, error.culprit);
      return new PipelineError(`${action} received ${error.what}${path === '' ? '' : ` at ${path}`}`, {
        transform,
        hint: 'Map the elements to plain objects, arrays, strings, numbers, Map, Set or Date before it, or raise memoryBudget',
      });
    }
    if (!(error instanceof RangeError)) return error;
    return new PipelineError(`${action} received a value too deeply nested or too large (${error.message})`, {
      transform,
      hint: 'Split it into several elements, or raise memoryBudget',
      cause: error,
    });
  }
}
