import { setTimeout as sleep } from 'node:timers/promises';
import { ofSource, toReceiver } from '../../../../engine/read-source.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../../../model/timestamp.ts';
import type { UnboundedSource } from '../../../../model/unbounded-source.ts';
import type { ProcessOptions, Residual, Splittable } from './splittable.ts';

/** Elements of one poll, and of all of a bundle's polls, at most: what follows sees them when the bundle has ended. */
const POLL_LIMIT = 1000;
const BUNDLE_LIMIT = 10_000;
/** So long may a bundle find more to read, in milliseconds, before it ends. */
const BUNDLE_MS = 500;

/** A source is asked again after a day at the latest: a restriction holds no Infinity, and a runner no delay without end. */
const LONGEST_WAIT_MS = 86_400_000;

/** Where a place of a source is. */
export interface Part {
  readonly position: unknown;
  readonly resumeAt: Timestamp;
  readonly watermark: Timestamp;
}

/**
 * Reads an unbounded source for each impulse: polls it until there is nothing at once, and hands the rest back.
 *
 * A restriction has all places of the source, not one each: their watermark is that of all of them, and Prism 2.77 takes that
 * of the last bundle for it.
 */
export class UnboundedRead implements Splittable<readonly Part[]> {
  readonly #source: UnboundedSource<unknown>;
  readonly #options: { readonly name: string; readonly isBounded: boolean; readonly now: () => Timestamp };

  /**
   * @param options.name Full name of the read, for errors.
   * @param options.isBounded It ends: all of it is read in one bundle, as runners hand residuals back in streams alone.
   */
  constructor(
    source: UnboundedSource<unknown>,
    options: { readonly name: string; readonly isBounded: boolean; readonly now: () => Timestamp },
  ) {
    this.#source = source;
    this.#options = options;
  }

  async restrictionOf(): Promise<readonly Part[]> {
    const { name, now } = this.#options;
    const at = now();
    const positions = await ofSource(name, () => this.#source.start(at));
    return positions.map((position) => ({ position, resumeAt: at, watermark: MIN_TIMESTAMP }));
  }

  sizeOf(parts: readonly Part[]): number {
    return parts.length;
  }

  async process(
    _impulse: unknown,
    restriction: readonly Part[],
    options: ProcessOptions,
  ): Promise<Residual<readonly Part[]> | undefined> {
    const { now, isHurried, signal } = options;
    const endAt = now() + BUNDLE_MS;
    let parts = restriction;
    let emitted = 0;
    for (;;) {
      const at = now();
      const polled: Part[] = [];
      for (const part of parts) {
        const next =
          part.resumeAt <= at ? await this.#poll(part, { ...options, at, count: () => emitted++ }) : part;
        if (next !== undefined) polled.push(next);
      }
      parts = polled;
      if (parts.length === 0) return undefined;
      const resumeAt = Math.min(...parts.map((part) => part.resumeAt));
      if (this.#options.isBounded) {
        const delay = resumeAt - now();
        if (delay > 0) await sleep(delay, undefined, { signal });
      } else if (resumeAt > now() || emitted >= BUNDLE_LIMIT || now() >= endAt || isHurried()) {
        const watermark = parts.reduce((least, part) => Math.min(least, part.watermark), MAX_TIMESTAMP);
        return { restriction: parts, watermark, resumeAt };
      }
    }
  }

  /** What need not end is over when a job is drained; what ends goes on. */
  truncate(parts: readonly Part[]): readonly Part[] | undefined {
    return this.#options.isBounded ? parts : undefined;
  }

  async #poll(
    { position, watermark: before }: Part,
    { out, at, count, signal }: ProcessOptions & { readonly at: Timestamp; readonly count: () => void },
  ): Promise<Part | undefined> {
    const polled = await toReceiver(out, (emit) =>
      ofSource(this.#options.name, () =>
        this.#source.poll(position, {
          emit(value, timestamp) {
            count();
            return emit(value, timestamp);
          },
          now: at,
          limit: POLL_LIMIT,
          signal,
        }),
      ),
    );
    if (polled.position === undefined) return undefined;
    return {
      position: polled.position,
      resumeAt: Math.min(polled.resumeAt, at + LONGEST_WAIT_MS),
      watermark: Math.max(before, polled.watermark),
    };
  }
}
