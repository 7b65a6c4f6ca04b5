import type { Coder } from '../../../coders/coder.ts';
import { EndOfInput } from '../../../coders/end-of-input.ts';
import { InputBytes } from '../../../coders/input-bytes.ts';
import type { StatePage } from './state-reader.ts';

/** Where the values are that did not come with their key. */
export interface ValuePages {
  readSync(after: Uint8Array): StatePage;
  read(after: Uint8Array): Promise<StatePage>;
}

const FROM_START = new Uint8Array();

/**
 * The values of a group that is too large to be sent at once: the first ones are here, the others are fetched as they are
 * read, a page at a time, and again each time they are read.
 *
 * `for await` lets other bundles of the thread run while a page is on its way; `for` holds the thread.
 */
export class GroupedValues implements Iterable<unknown>, AsyncIterable<unknown> {
  readonly #first: readonly unknown[];
  readonly #coder: Coder;
  readonly #pages: ValuePages;

  constructor(options: {
    readonly first: readonly unknown[];
    readonly coder: Coder;
    readonly pages: ValuePages;
  }) {
    this.#first = options.first;
    this.#coder = options.coder;
    this.#pages = options.pages;
  }

  *[Symbol.iterator](): Generator<unknown, void, void> {
    yield* this.#first;
    const reader = new PageReader(this.#coder);
    let after: Uint8Array = FROM_START;
    do {
      const { data, next } = this.#pages.readSync(after);
      yield* reader.values(data);
      after = next;
    } while (after.length > 0);
    reader.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    yield* this.#first;
    const reader = new PageReader(this.#coder);
    let after: Uint8Array = FROM_START;
    do {
      const { data, next } = await this.#pages.read(after);
      yield* reader.values(data);
      after = next;
    } while (after.length > 0);
    reader.end();
  }
}

/** All values of a state key: what fits in a page is kept, the rest is fetched each time that it is gone through. */
export function storedValues(pages: ValuePages, coder: Coder): Iterable<unknown> {
  const first = pages.readSync(FROM_START);
  const isAll = first.next.length === 0;
  const values = new GroupedValues({
    first: [],
    coder,
    pages: isAll ? { readSync: () => first, read: () => Promise.resolve(first) } : pages,
  });
  return isAll ? [...values] : values;
}

/** Decodes pages one after the other: they are parts of one stream, and may end within a value. */
class PageReader {
  readonly #coder: Coder;
  #rest: Uint8Array = new Uint8Array();

  constructor(coder: Coder) {
    this.#coder = coder;
  }

  *values(page: Uint8Array): Generator<unknown, void, void> {
    const bytes = this.#rest.length === 0 ? page : Buffer.concat([this.#rest, page]);
    const input = new InputBytes(bytes);
    while (input.left > 0) {
      const start = input.position;
      let value: unknown;
      try {
        value = this.#coder.decode(input);
      } catch (error) {
        if (!(error instanceof EndOfInput)) throw error;
        this.#rest = bytes.subarray(start);
        return;
      }
      yield value;
    }
    this.#rest = new Uint8Array();
  }

  end(): void {
    if (this.#rest.length === 0) return;
    throw new RangeError(
      `Cannot read the values of a group as its last page must end after a value: received ${this.#rest.length} bytes more`,
    );
  }
}
