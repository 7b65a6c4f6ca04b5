import type { Pacer } from '../../executor/pacer.ts';
import type { SpillCoder } from './spill-coder.ts';
import { SegmentCursor, sortByHash, type HeldByKey, type KeyHash } from './sorted-segment.ts';
import { SpilledList, type ListPart } from './spilled-list.ts';
import type { Segment, SpillStore } from './spill-store.ts';

/** More segments are made one first: each takes a buffer while they are merged. */
export const MOST_SEGMENTS = 64;

/** What merging needs. */
export interface MergeOptions {
  readonly store: SpillStore;
  readonly coder: SpillCoder;
  readonly hash: KeyHash;
  readonly pacer: Pacer;
}

/** Makes one segment of several: their records as they are, in the order of hashes, and of the segments. */
export async function joinSegments(
  segments: readonly Segment[],
  { store, pacer }: MergeOptions,
): Promise<Segment> {
  const cursors = openAll(store, segments);
  const writer = store.begin();
  for (let least = leastHash(cursors); least !== undefined; least = leastHash(cursors)) {
    for (const cursor of cursors) {
      while (cursor.isOpen && cursor.at.hash === least) {
        writer.bytes.raw(cursor.at.raw());
        writer.flush();
        cursor.advance();
        const wait = pacer.pause();
        if (wait !== undefined) await wait;
      }
    }
  }
  const joined = writer.end();
  for (const segment of segments) store.release(segment);
  return joined;
}

interface Found {
  readonly key: unknown;
  /** A list's values, or what is held. */
  value: unknown;
  bytes: number;
  /** Where its records are, once they are too many to be in memory. */
  parts: ListPart[];
  isLarge: boolean;
}

/**
 * Gives each key of spilled segments and of what is in memory once, with all that is held of it, in the order of hashes. The
 * values of a list are in their order: those of earlier segments first, those in memory last.
 *
 * A list of more than `largest` bytes is a SpilledList, which reads its values each time that it is gone through.
 *
 * @param options.merge Makes one of two accumulators; undefined for lists.
 */
export async function mergeSegments(
  { segments, rest }: { readonly segments: readonly Segment[]; readonly rest: HeldByKey },
  emit: (key: unknown, held: unknown) => void | Promise<void>,
  options: MergeOptions & {
    readonly merge: ((held: unknown, other: unknown) => unknown) | undefined;
    readonly largest: number;
  },
): Promise<{ readonly hasLarge: boolean }> {
  const { store, coder, hash, pacer, merge, largest } = options;
  const cursors = openAll(store, segments);
  const { order, hashes } = await sortByHash(rest.keys, hash, pacer);
  let inMemory = 0;
  let hasLarge = false;
  for (;;) {
    const ofRest = inMemory < order.length ? hashes[order[inMemory] ?? 0] : undefined;
    const least = Math.min(leastHash(cursors) ?? Infinity, ofRest ?? Infinity);
    if (least === Infinity) return { hasLarge };
    const found: Found[] = [];
    const of = (key: unknown): Found => {
      const known = found.find((each) => hash.isSame(each.key, key));
      if (known !== undefined) return known;
      const made: Found = { key, value: undefined, bytes: 0, parts: [], isLarge: false };
      found.push(made);
      return made;
    };
    for (const cursor of cursors) {
      while (cursor.isOpen && cursor.at.hash === least) {
        const { at } = cursor;
        const each = of(at.key(coder));
        const isFirst = each.bytes === 0;
        each.bytes += at.length;
        if (merge !== undefined) {
          const value = at.value(coder);
          each.value = isFirst ? value : merge(each.value, value);
        } else {
          addPart(each, { kind: 'segment', segment: at.segment, position: at.position, hash: least });
          if (each.bytes > largest) {
            each.isLarge = hasLarge = true;
            each.value = undefined;
          } else {
            const values = (each.value ??= []) as unknown[]; // a list, as there is no merge
            while (at.hasValue) values.push(at.value(coder));
          }
        }
        cursor.advance();
        const wait = pacer.pause();
        if (wait !== undefined) await wait;
      }
    }
    while (inMemory < order.length && hashes[order[inMemory] ?? 0] === least) {
      const number = order[inMemory++] ?? 0;
      const each = of(rest.keys[number]);
      const held = rest.held[number];
      if (each.isLarge) each.parts.push({ kind: 'memory', values: held as readonly unknown[] });
      else if (each.bytes === 0) each.value = held;
      else if (merge !== undefined) each.value = merge(each.value, held);
      else for (const value of held as readonly unknown[]) (each.value as unknown[]).push(value); // lists, both
    }
    for (const { key, value, isLarge, parts } of found) {
      const wait = emit(key, isLarge ? new SpilledList({ store, coder, hash, key, parts }) : value);
      if (wait !== undefined) await wait;
    }
  }
}

function addPart(found: Found, part: ListPart & { readonly kind: 'segment' }): void {
  const last = found.parts.at(-1);
  if (last?.kind !== 'segment' || last.segment !== part.segment) found.parts.push(part);
}

/** A cursor that is at a record, or at its end. */
interface OpenCursor {
  readonly at: SegmentCursor;
  isOpen: boolean;
  advance(): void;
}

function openAll(store: SpillStore, segments: readonly Segment[]): readonly OpenCursor[] {
  return segments.map((segment) => {
    const at = new SegmentCursor(store, segment);
    const cursor: OpenCursor = {
      at,
      isOpen: at.next(),
      advance: () => {
        cursor.isOpen = at.next();
      },
    };
    return cursor;
  });
}

function leastHash(cursors: readonly OpenCursor[]): number | undefined {
  let least: number | undefined;
  for (const { at, isOpen } of cursors)
    if (isOpen && (least === undefined || at.hash < least)) least = at.hash;
  return least;
}
