import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/** In place of the count: blocks of values follow, each with its own count. */
const UNKNOWN_COUNT = 0xffffffff;
/** In place of a block's count: the rest is behind a state key. -1 of 64 bits. */
const STATE_BACKED = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
/** Values of an iterable without a length are written in blocks of so many. */
const BLOCK = 1024;

/**
 * Makes the value of an iterable whose first values are there, and whose rest is read from the runner's state.
 *
 * @param token Names the rest, in a StateKey.Runner of the Fn API.
 */
export type OpenIterable = (rest: {
  readonly first: readonly unknown[];
  readonly token: Uint8Array;
  readonly coder: Coder;
}) => Iterable<unknown>;

/** The two URNs of an iterable, which have the same form; only the second lets a runner keep the rest. */
export type IterableUrn = 'beam:coder:iterable:v1' | 'beam:coder:state_backed_iterable:v1';

/**
 * Any iterable: the count of its values in 32 bits, and these; or blocks, if it has no length. Decoded to an array, or
 * to what `open` makes if its rest is in the runner's state.
 */
export class IterableCoder<T> implements Coder<Iterable<T>> {
  readonly urn: IterableUrn;
  readonly components: readonly [Coder<T>];
  readonly isDeterministic: boolean;
  readonly #element: Coder<T>;
  readonly #open: OpenIterable | undefined;

  constructor(
    element: Coder<T>,
    {
      urn = 'beam:coder:iterable:v1',
      open,
    }: { readonly urn?: IterableUrn; readonly open?: OpenIterable | undefined } = {},
  ) {
    this.urn = urn;
    this.components = [element];
    this.isDeterministic = element.isDeterministic;
    this.#element = element;
    this.#open = open;
  }

  encode(value: Iterable<T>, to: OutputBytes): void {
    if (Array.isArray(value)) {
      to.uint32(value.length);
      for (const element of value as readonly T[]) this.#element.encode(element, to);
    } else {
      this.#encodeBlocks(value, to);
    }
  }

  decode(from: InputBytes): Iterable<T> {
    const count = from.uint32();
    const values: T[] = [];
    if (count !== UNKNOWN_COUNT) {
      for (let index = 0; index < count; index++) values.push(this.#element.decode(from));
      return values;
    }
    for (;;) {
      if (from.skip(STATE_BACKED)) return this.#opened(values, from);
      const block = from.count();
      if (block === 0) return values;
      for (let index = 0; index < block; index++) values.push(this.#element.decode(from));
    }
  }

  #encodeBlocks(value: unknown, to: OutputBytes): void {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      refuseValue(value, { coder: this.urn, what: 'an iterable' });
    }
    to.uint32(UNKNOWN_COUNT);
    let block: T[] = [];
    const write = () => {
      to.count(block.length);
      for (const element of block) this.#element.encode(element, to);
      block = [];
    };
    // Checked above: it can be iterated.
    for (const element of value as Iterable<T>) if (block.push(element) === BLOCK) write();
    if (block.length > 0) write();
    to.count(0);
  }

  #opened(first: readonly T[], from: InputBytes): Iterable<T> {
    const token = new Uint8Array(from.raw(from.count()));
    if (this.#open === undefined) {
      throw new RangeError(
        `Cannot decode an iterable by ${this.urn} as its values must be there: received the token of a state key`,
      );
    }
    // The rest is decoded by the same coder as the first values.
    return this.#open({ first, token, coder: this.#element }) as Iterable<T>;
  }
}
