import { OutputBytes } from '../coders/output-bytes.ts';
import { ValueWriter, type ValuePool } from '../coders/value-writer.ts';

/** Room for the values of a chunk. */
const CHUNK_BYTES = 1 << 16;

/** Values in their written form, as coders/value-format.ts tells; what they share is beside them. */
export interface EncodedValues {
  readonly bytes: Buffer;
  /** latin1 */
  readonly text: Buffer;
  readonly shapes: readonly (readonly string[])[];
  /** False if no `reference` is among them, so that objects need not be numbered. */
  readonly hasReferences: boolean;
}

/** Collects the values of a chunk, and refuses what would come back changed: see ValueWriter. */
export class ValueEncoder {
  readonly #writer = new ValueWriter();
  readonly #bytes = new OutputBytes(CHUNK_BYTES);
  readonly #text = new OutputBytes(CHUNK_BYTES);
  #pool: ValuePool = { text: this.#text, shapes: [] };

  constructor() {
    this.#writer.share(this.#pool);
  }

  /** Bytes and characters so far. */
  get size(): number {
    return this.#bytes.length + this.#text.length;
  }

  /** Appends one element. After a throw nothing of this encoder can be used. @throws {Unfaithful} */
  add(element: unknown): void {
    this.#writer.write(element, this.#bytes);
  }

  /** All that was added since the last take. The bytes are valid until the next add. */
  take(): EncodedValues {
    const { hasReferences } = this.#writer;
    const taken = {
      bytes: this.#bytes.view(),
      text: this.#text.view(),
      shapes: this.#pool.shapes,
      hasReferences,
    };
    this.#bytes.truncate(0);
    this.#text.truncate(0);
    this.#pool = { text: this.#text, shapes: [] };
    this.#writer.share(this.#pool);
    return taken;
  }
}
