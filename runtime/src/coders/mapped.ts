import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';

/** Writes values as another coder's: those that `represent` makes of them, and `restore` undoes. */
export class MappedCoder<T, R> implements Coder<T> {
  readonly urn: string;
  readonly components: readonly [Coder<R>];
  readonly isDeterministic: boolean;
  readonly #representation: Coder<R>;
  readonly #represent: (value: T) => R;
  readonly #restore: (value: R) => T;

  constructor(
    urn: string,
    {
      representation,
      represent,
      restore,
    }: { representation: Coder<R>; represent: (value: T) => R; restore: (value: R) => T },
  ) {
    this.urn = urn;
    this.components = [representation];
    this.isDeterministic = representation.isDeterministic;
    this.#representation = representation;
    this.#represent = represent;
    this.#restore = restore;
  }

  encode(value: T, to: OutputBytes): void {
    this.#representation.encode(this.#represent(value), to);
  }

  decode(from: InputBytes): T {
    return this.#restore(this.#representation.decode(from));
  }
}
