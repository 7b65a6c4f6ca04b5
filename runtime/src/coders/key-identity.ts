import { KeyWriter } from './key-writer.ts';
import { OutputBytes } from './output-bytes.ts';

/** Gives for each key what a Map may look it up by: keys with equal encodings are equal, as in a grouping. */
export class KeyIdentity {
  readonly #writer: KeyWriter;
  readonly #bytes = new OutputBytes();

  /** @param transform Full name, for the error that refuses a key. */
  constructor(transform: string) {
    this.#writer = new KeyWriter(transform);
  }

  /** @throws {NonDeterministicKeyError} for a key without a deterministic encoding. */
  of(key: unknown): unknown {
    // An encoding is text as well: what is before it tells them apart.
    if (typeof key === 'string') return `s${key}`;
    if (key === null || (typeof key !== 'object' && typeof key !== 'function' && typeof key !== 'symbol'))
      return key;
    this.#bytes.truncate(0);
    this.#writer.write(key, this.#bytes);
    return `e${this.#bytes.view().toString('latin1')}`;
  }
}
