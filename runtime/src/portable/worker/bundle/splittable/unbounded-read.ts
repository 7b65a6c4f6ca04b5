import { setTimeout as sleep } from 'node:timers/promises';
import { ofSource, toReceiver } from '../../../../engine/read-source.ts';
import type { PrimitiveSpec } from '../../../../model/applied-ptransform.ts';
import {
  restrictionParam,
  type Restriction,
  type RestrictionProgress,
  type RestrictionTracker,
} from '../../../../model/restriction.ts';
import { TimestampedValue } from '../../../../model/timestamped-value.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../../../model/timestamp.ts';
import type { UnboundedSource } from '../../../../model/unbounded-source.ts';
import {
  manualWatermarkEstimator,
  watermarkEstimatorParam,
  type ManualWatermarkEstimator,
} from '../../../../model/watermark-estimator.ts';

/** Elements of one poll at most. */
const POLL_LIMIT = 1000;
/** So long may a bundle find more to read, in milliseconds, before it ends: what follows sees its elements then. */
const BUNDLE_MS = 500;

/** A source is asked again after a day at the latest. */
const LONGEST_WAIT_MS = 86_400_000;

/** Where a place of a source is. */
export interface Part {
  readonly position: unknown;
  readonly resumeAt: Timestamp;
  readonly watermark: Timestamp;
}

/** What the reading of a source needs. */
export interface UnboundedReadOptions {
  /** Full name of the read, for errors. */
  readonly name: string;
  /** It ends: all of it is read in one bundle. */
  readonly isBounded: boolean;
  readonly now: () => Timestamp;
  readonly signal: AbortSignal;
}

/**
 * Reads an unbounded source for each impulse, as a splittable DoFn: polls it until there is nothing at once, and hands the rest
 * back.
 *
 * A restriction has all places of the source, not one each: their watermark is that of all of them, and Prism 2.77 takes that
 * of the last bundle for it. It is claimed poll by poll, and split off whole.
 */
export function unboundedRead(
  source: UnboundedSource<unknown>,
  options: UnboundedReadOptions,
): Extract<PrimitiveSpec, { readonly kind: 'parDo' }> {
  const { name, isBounded, now, signal } = options;
  const work = restrictionParam<unknown, readonly Part[], readonly Part[]>({
    isBounded,
    async initialRestriction() {
      const at = now();
      const positions = await ofSource(name, () => source.start(at));
      return positions.map((position) => ({ position, resumeAt: at, watermark: MIN_TIMESTAMP }));
    },
    createTracker: (parts) => new PartsTracker(parts),
    restrictionSize: (_, parts) => parts.length,
  });
  async function* process(
    _impulse: unknown,
    context: {
      readonly work: Restriction<readonly Part[], readonly Part[]>;
      readonly watermark: ManualWatermarkEstimator;
    },
  ) {
    const endAt = now() + BUNDLE_MS;
    let parts = context.work.currentRestriction();
    while (parts.length > 0) {
      const at = now();
      const polled: Part[] = [];
      const elements: TimestampedValue<unknown>[] = [];
      for (const part of parts) {
        const next = part.resumeAt <= at ? await poll(source, part, { ...options, at, elements }) : part;
        if (next !== undefined) polled.push(next);
      }
      if (!context.work.tryClaim(polled)) return;
      yield* elements;
      parts = polled;
      context.watermark.setWatermark(leastOf(parts, 'watermark', MAX_TIMESTAMP));
      if (parts.length === 0) return;
      const delay = leastOf(parts, 'resumeAt', Infinity) - now();
      if (isBounded) {
        if (delay > 0) await sleep(delay, undefined, { signal });
      } else if (delay > 0 || now() >= endAt) {
        context.work.deferRemainder(Math.max(0, delay));
        return;
      }
    }
  }
  return {
    kind: 'parDo',
    doFn: { name, process },
    context: { work, watermark: watermarkEstimatorParam(manualWatermarkEstimator()) },
    tags: [],
  };
}

/** Reads what a part has now; undefined at its end. */
async function poll(
  source: UnboundedSource<unknown>,
  { position, watermark: before }: Part,
  {
    name,
    at,
    signal,
    elements,
  }: UnboundedReadOptions & { readonly at: Timestamp; readonly elements: TimestampedValue<unknown>[] },
): Promise<Part | undefined> {
  const take = (value: unknown, timestamp: Timestamp) =>
    void elements.push(new TimestampedValue(value, timestamp));
  const polled = await toReceiver(take, (emit) =>
    ofSource(name, () => source.poll(position, { emit, now: at, limit: POLL_LIMIT, signal })),
  );
  if (polled.position === undefined) return undefined;
  return {
    position: polled.position,
    resumeAt: Math.min(polled.resumeAt, at + LONGEST_WAIT_MS),
    watermark: Math.max(before, polled.watermark),
  };
}

function leastOf(parts: readonly Part[], field: 'watermark' | 'resumeAt', most: number): number {
  return parts.reduce((least, part) => Math.min(least, part[field]), most);
}

/** What is claimed is where the parts are after a poll: what was read before it is done. */
class PartsTracker implements RestrictionTracker<readonly Part[], readonly Part[]> {
  #parts: readonly Part[];
  #isSplit = false;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  currentRestriction(): readonly Part[] {
    return this.#parts;
  }

  tryClaim(polled: readonly Part[]): boolean {
    if (this.#isSplit) return false;
    this.#parts = polled;
    return true;
  }

  trySplit(): { readonly primary: readonly Part[]; readonly residual: readonly Part[] } | undefined {
    if (this.#isSplit || this.#parts.length === 0) return undefined;
    this.#isSplit = true;
    const residual = this.#parts;
    this.#parts = [];
    return { primary: [], residual };
  }

  checkDone(): void {
    if (this.#parts.length > 0) throw new RangeError('Cannot end the reading as some of it must be left');
  }

  currentProgress(): RestrictionProgress {
    return { completed: 0, remaining: this.#parts.length };
  }
}
