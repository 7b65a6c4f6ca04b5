import type { Accumulation } from '../groups/accumulation.ts';
import type { RunMemory } from './run-memory.ts';
import { KeyHash, SegmentCursor } from './sorted-segment.ts';
import { SpillCoder } from './spill-coder.ts';
import { SpilledList } from './spilled-list.ts';
import type { Segment, SegmentWriter } from './spill-store.ts';

/** What was written at once; its segment is released when nobody needs any of it. */
interface Lot {
  segment: Segment | undefined;
  live: number;
}

/** A part of what is held of one key and window, in the order in which it came. */
type Part =
  | { readonly kind: 'memory'; held: unknown }
  /** From one byte of the lot's segment to another. */
  | { readonly kind: 'disk'; readonly lot: Lot; readonly from: number; readonly to: number };

/** What is held of a key and window, and was spilled once. */
class SpilledHeld {
  readonly parts: Part[];

  constructor(parts: Part[]) {
    this.parts = parts;
  }
}

/**
 * An accumulation whose helds can be on disk, each alone: for groups that look at one key and window at a time.
 *
 * What `of`, `add` and `merge` give is for this alone; `whole` makes of it what the accumulation means. A place on disk takes
 * about 200 bytes of memory for each key and window.
 */
export class Spillable implements Accumulation {
  readonly isList: boolean;
  readonly #inner: Accumulation;
  readonly #memory: RunMemory | undefined;
  readonly #coder: SpillCoder;
  readonly #hash: KeyHash;

  /** @param memory Undefined where nothing is spilled. */
  constructor(
    inner: Accumulation,
    { memory, transform }: { readonly memory: RunMemory | undefined; readonly transform: string },
  ) {
    this.isList = inner.isList;
    this.#inner = inner;
    this.#memory = memory;
    this.#coder = new SpillCoder(transform);
    this.#hash = new KeyHash(transform);
  }

  of(value: unknown): unknown {
    return this.#inner.of(value);
  }

  add(held: unknown, value: unknown): unknown {
    if (!(held instanceof SpilledHeld)) return this.#inner.add(held, value);
    const last = held.parts.at(-1);
    if (last?.kind === 'memory') last.held = this.#inner.add(last.held, value);
    else held.parts.push({ kind: 'memory', held: this.#inner.of(value) });
    return held;
  }

  merge(held: unknown, other: unknown): unknown {
    if (!(held instanceof SpilledHeld) && !(other instanceof SpilledHeld))
      return this.#inner.merge(held, other);
    return new SpilledHeld([...partsOf(held), ...partsOf(other)]);
  }

  empty(): unknown {
    return this.#inner.empty();
  }

  /** For a pane of what goes on being added to; `whole` is still to be called, for either. */
  copy(held: unknown): unknown {
    if (!(held instanceof SpilledHeld)) return this.#inner.copy(held);
    return new SpilledHeld(
      held.parts.map((part) => {
        if (part.kind === 'memory') return { kind: 'memory', held: this.#inner.copy(part.held) };
        part.lot.live += 1;
        return part;
      }),
    );
  }

  /** What is held, all in memory but for a list that is too large for it; what was on disk is let go of. */
  whole(held: unknown): unknown {
    if (!(held instanceof SpilledHeld) || this.#memory === undefined) return held;
    const { store, largestList } = this.#memory;
    let bytes = 0;
    for (const part of held.parts) if (part.kind === 'disk') bytes += part.to - part.from;
    if (this.isList && bytes > largestList) return this.#lazily(held);
    let whole: unknown;
    for (const [index, part] of held.parts.entries()) {
      let own: unknown;
      if (part.kind === 'memory') {
        own = part.held;
      } else {
        own = this.#read(placeOf(part));
        if (--part.lot.live === 0 && part.lot.segment !== undefined) store.release(part.lot.segment);
      }
      whole = index === 0 ? own : this.#inner.merge(whole, own);
    }
    return whole;
  }

  /** The values of a list to look at, again and again; what is on disk stays there, and is read each time. */
  view(held: unknown): Iterable<unknown> {
    return (held instanceof SpilledHeld ? this.#lazily(held) : held) as Iterable<unknown>; // a list
  }

  /** Bytes of it that are on disk. */
  spilledBytes(held: unknown): number {
    if (!(held instanceof SpilledHeld)) return 0;
    return held.parts.reduce((sum, part) => sum + (part.kind === 'disk' ? part.to - part.from : 0), 0);
  }

  /** Lets go of what will not be looked at. */
  drop(held: unknown): void {
    if (!(held instanceof SpilledHeld)) return;
    for (const part of held.parts) {
      if (part.kind === 'disk' && --part.lot.live === 0 && part.lot.segment !== undefined) {
        this.#memory?.store.release(part.lot.segment);
      }
    }
  }

  /** Writes helds one by one; call `end` after the last. Undefined where nothing is spilled. */
  begin(): { readonly spill: (held: unknown) => unknown; readonly end: () => void } | undefined {
    const writer = this.#memory?.store.begin();
    if (writer === undefined) return undefined;
    const lot: Lot = { segment: undefined, live: 1 }; // it is alive while it is written
    return {
      spill: (held) => this.#spill(held, writer, lot),
      end: () => {
        lot.segment = writer.end();
        if (--lot.live === 0) this.#memory?.store.release(lot.segment);
      },
    };
  }

  #spill(held: unknown, writer: SegmentWriter, lot: Lot): unknown {
    const spilled = held instanceof SpilledHeld ? held : new SpilledHeld([{ kind: 'memory', held }]);
    for (const [index, part] of spilled.parts.entries()) {
      if (part.kind === 'disk') continue;
      const from = writer.position;
      this.#write(part.held, writer);
      lot.live += 1;
      spilled.parts[index] = { kind: 'disk', lot, from, to: writer.position };
    }
    return spilled;
  }

  /** As records without a key, of one hash. */
  #write(held: unknown, writer: SegmentWriter): void {
    const { bytes } = writer;
    let at = 0;
    const values = held as readonly unknown[]; // of a list
    do {
      bytes.uint32(0);
      const start = bytes.length;
      this.#coder.write(undefined, bytes);
      if (this.isList) at = this.#coder.writePiece(values, at, bytes);
      else this.#coder.write(held, bytes);
      bytes.prefixLength(start);
      writer.flush();
    } while (this.isList && at < values.length);
  }

  #read(place: Segment): unknown {
    if (this.#memory === undefined) return undefined;
    const cursor = new SegmentCursor(this.#memory.store, place);
    const values: unknown[] = [];
    while (cursor.next()) {
      cursor.key(this.#coder);
      while (cursor.hasValue) values.push(cursor.value(this.#coder));
    }
    return this.isList ? values : values[0];
  }

  #lazily({ parts }: SpilledHeld): unknown {
    const { store } = this.#memory ?? {};
    if (store === undefined) return [];
    return new SpilledList({
      store,
      coder: this.#coder,
      hash: this.#hash,
      key: undefined,
      parts: parts.map((part) => {
        if (part.kind === 'memory') return { kind: 'memory', values: part.held as readonly unknown[] }; // a list
        const segment = placeOf(part);
        return { kind: 'segment', segment, position: segment.start, hash: 0 };
      }),
    });
  }
}

function partsOf(held: unknown): Part[] {
  return held instanceof SpilledHeld ? held.parts : [{ kind: 'memory', held }];
}

function placeOf({ lot, from, to }: Part & { readonly kind: 'disk' }): Segment {
  const { file = 0, start = 0 } = lot.segment ?? {}; // written before it is read
  return { file, start: start + from, end: start + to };
}
