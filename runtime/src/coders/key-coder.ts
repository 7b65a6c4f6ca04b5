import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import { KeyWriter } from './key-writer.ts';
import type { OutputBytes } from './output-bytes.ts';
import { ValueReader } from './value-reader.ts';

/**
 * Keys, as grouping compares them: equal keys have equal bytes (see KeyWriter for which are equal).
 *
 * A key that is an object comes back with its properties in the order of their names.
 */
export class KeyCoder implements Coder {
  readonly urn = 'millrace:coder:key:v1';
  readonly components = [];
  readonly isDeterministic = true;
  readonly #writer: KeyWriter;
  readonly #reader = new ValueReader();

  /** @param transform Full name of what groups by these keys, for the error that refuses one. */
  constructor(transform = 'GroupByKey') {
    this.#writer = new KeyWriter(transform);
  }

  encode(value: unknown, to: OutputBytes): void {
    this.#writer.write(value, to);
  }

  decode(from: InputBytes): unknown {
    return this.#reader.read(from);
  }
}
