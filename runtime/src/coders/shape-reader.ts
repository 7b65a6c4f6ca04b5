import { InputBytes } from './input-bytes.ts';
import { TAG } from './value-format.ts';

/** The names of an object's properties, in their order. */
export type Shape = readonly string[];

/** Longer ones are of dictionaries, and are not remembered. */
const LONGEST_REMEMBERED = 1024;
/** So many are remembered; then all anew. */
const MOST_REMEMBERED = 1024;

interface Known {
  readonly bytes: Uint8Array;
  readonly shape: Shape;
  /** The one that came after it the last time. */
  next: Known | undefined;
}

/** Reads the shapes that ValueWriter wrote between the values; the same bytes are taken apart once. */
export class ShapeReader {
  #known = new Map<string, Known>();
  #last: Known = { bytes: new Uint8Array(), shape: [], next: undefined };

  read(from: InputBytes): Shape {
    const { next } = this.#last;
    if (next !== undefined && from.skip(next.bytes)) {
      this.#last = next;
      return next.shape;
    }
    const start = from.position;
    const length = from.count();
    const bytes = from.raw(length);
    if (length > LONGEST_REMEMBERED) return parse(bytes);
    const name = bytes.toString('latin1');
    let known = this.#known.get(name);
    if (known === undefined) {
      if (this.#known.size === MOST_REMEMBERED) this.#known.clear();
      const end = from.position;
      from.position = start;
      known = { bytes: new Uint8Array(from.raw(end - start)), shape: parse(bytes), next: undefined };
      this.#known.set(name, known);
    }
    this.#last.next = known;
    this.#last = known;
    return known.shape;
  }
}

function parse(bytes: Uint8Array): Shape {
  const from = new InputBytes(bytes);
  const names: string[] = [];
  while (from.left > 0) {
    const tag = from.byte();
    const length = from.count();
    names.push(tag === TAG.string ? from.latin1(length) : from.utf16(length));
  }
  return names;
}
