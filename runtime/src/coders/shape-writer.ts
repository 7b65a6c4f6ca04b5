import { OutputBytes } from './output-bytes.ts';
import { TAG } from './value-format.ts';
import { writeString } from './write-scalar.ts';

/** All anew after so many, so that those of dictionaries are not kept for ever. */
const MOST_SHAPES = 1024;
/** An object with more is a dictionary: others will not have its names. */
const MOST_NAMES = 64;

/** The names of some objects' properties. */
export interface WrittenShape {
  /** As the objects have them. */
  readonly own: readonly string[];
  /** In the order in which the properties are written. */
  readonly names: readonly string[];
  /** Count of bytes, and the names as strings. */
  readonly bytes: Uint8Array;
  /** Counts the shapes, in the order of first sight. */
  readonly id: number;
}

interface Linked extends WrittenShape {
  /** The one that came after it the last time; mostly it does so again. */
  next: Linked | undefined;
}

/** What is told of a ShapeWriter's shapes. */
export interface ShapeWriterOptions {
  /** Names are written in the order of the alphabet. */
  readonly isSorted?: boolean;
  /** Shapes have numbers instead of bytes, none is forgotten, and new ones are added here. */
  readonly pool?: (readonly string[])[] | undefined;
}

/** Finds the shapes of objects, and how they are written: most objects look like an earlier one. */
export class ShapeWriter {
  readonly #isSorted: boolean;
  readonly #pool: (readonly string[])[] | undefined;
  readonly #known = new Map<string, Linked>();
  readonly #start: Linked = { own: [], names: [], bytes: new Uint8Array(), id: -1, next: undefined };
  #last = this.#start;

  constructor({ isSorted = false, pool }: ShapeWriterOptions = {}) {
    this.#isSorted = isSorted;
    this.#pool = pool;
  }

  /** Another element begins. */
  restart(): void {
    this.#last = this.#start;
  }

  /** The shape of `value` if it is the one that is likely here; then its own keys are all that for-in visits. */
  guess(value: object): WrittenShape | undefined {
    const { next } = this.#last;
    if (next === undefined || !isShapeOf(value, next.own)) return undefined;
    return (this.#last = next);
  }

  /** The shape with these names. */
  of(own: readonly string[]): WrittenShape {
    if (own.length > MOST_NAMES && this.#pool === undefined) return this.#make(own);
    const name = JSON.stringify(own);
    let shape = this.#known.get(name);
    if (shape === undefined) {
      if (this.#pool === undefined && this.#known.size === MOST_SHAPES) {
        this.#known.clear();
        this.#start.next = undefined;
      }
      shape = this.#make(own);
      this.#known.set(name, shape);
      this.#pool?.push(own);
    }
    this.#last.next = shape;
    return (this.#last = shape);
  }

  #make(own: readonly string[]): Linked {
    const names = this.#isSorted ? [...own].sort() : own;
    const bytes = this.#pool === undefined ? namesAsBytes(names) : new Uint8Array();
    return { own, names, bytes, id: this.#known.size, next: undefined };
  }
}

function namesAsBytes(names: readonly string[]): Uint8Array {
  const bytes = new OutputBytes();
  for (const name of names) writeString(TAG.string, name, bytes);
  bytes.prefixLength(0);
  return bytes.take().slice();
}

/** Whether these are the keys of `value`, in this order; inherited ones count, so that it is wrong on the safe side. */
function isShapeOf(value: object, shape: readonly string[]): boolean {
  let index = 0;
  for (const key in value) if (key !== shape[index++]) return false;
  return index === shape.length;
}
