import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { BundleSource } from './inputs/bundle-source.ts';
import { inputWatermark } from './watermarks.ts';

/** A stage, as the element manager sees it. */
export interface ManagedStage {
  readonly source: BundleSource;
  /** The stages whose elements come to its source, by their places in the list: all before its own. */
  readonly upstream: readonly number[];
  /** Stages that must have ended before it runs: it would only hold elements back for what they make. */
  readonly after?: readonly number[];
}

/** What is to be done next; `stage` is a place in the list. */
export type NextWork =
  | { readonly kind: 'bundle'; readonly stage: number }
  /** Nothing more will come to this stage: it is torn down. */
  | { readonly kind: 'end'; readonly stage: number }
  /** Nothing can run before this processing time. */
  | { readonly kind: 'wait'; readonly until: Timestamp }
  | { readonly kind: 'done' };

/**
 * Decides which stage runs next: the one place that knows how far each stage's time has come.
 *
 * - Watermarks go through the stages in their order, each time that something ran; none ever goes back.
 * - Of the stages behind a grouping that have a bundle, the last one runs: what was read goes all the way before more is
 *   read, so that little is held. Without one, the root that has waited longest runs. A bounded source is one bundle source like any other, whose watermark goes from the beginning of
 *   time to its end.
 * - A stage has ended when its source has, and that is so when all stages upstream have.
 *
 * @see Beam's Prism, internal/engine/elementmanager.go
 */
export class ElementManager {
  readonly #stages: readonly ManagedStage[];
  readonly #isEnded: boolean[];
  readonly #input: Timestamp[];
  /** How many bundles had run when the stage's last one did; 0 before its first. */
  readonly #ranAt: number[];
  #runs = 0;

  /** @param stages Producers first. */
  constructor(stages: readonly ManagedStage[]) {
    this.#stages = stages;
    this.#isEnded = stages.map(() => false);
    this.#input = stages.map(() => MIN_TIMESTAMP);
    this.#ranAt = stages.map(() => 0);
  }

  /**
   * @param options.isNeeded False for a stage whose elements nobody wants any more: it ends.
   */
  next(options: {
    readonly processingTime: Timestamp;
    readonly isNeeded: (stage: number) => boolean;
  }): NextWork {
    this.#advance(options.processingTime);
    let until: Timestamp | undefined;
    let bundle: number | undefined;
    for (const [stage, { source, after = [] }] of this.#stages.entries()) {
      if (this.#isEnded[stage] === true) continue;
      if (source.isEnded || !options.isNeeded(stage)) {
        this.#isEnded[stage] = true;
        return { kind: 'end', stage };
      }
      const { readyAt } = source;
      if (readyAt === undefined || after.some((each) => this.#isEnded[each] !== true)) continue;
      if (readyAt <= options.processingTime) {
        if (bundle === undefined || this.#goesBefore(stage, bundle)) bundle = stage;
      } else {
        until = Math.min(until ?? Infinity, readyAt);
      }
    }
    if (bundle !== undefined) {
      this.#ranAt[bundle] = ++this.#runs;
      return { kind: 'bundle', stage: bundle };
    }
    return until === undefined ? { kind: 'done' } : { kind: 'wait', until };
  }

  /** Nothing more is read of a stage's source, as all that it is needed for has enough. */
  end(stage: number): void {
    this.#isEnded[stage] = true;
  }

  /** Whether a stage with a bundle runs rather than an earlier one with a bundle; roots take turns. */
  #goesBefore(stage: number, earlier: number): boolean {
    if (this.#isBehindGrouping(stage)) return true;
    if (this.#isBehindGrouping(earlier)) return false;
    return (this.#ranAt[stage] ?? 0) < (this.#ranAt[earlier] ?? 0);
  }

  #isBehindGrouping(stage: number): boolean {
    return (this.#stages[stage]?.upstream.length ?? 0) > 0;
  }

  #advance(processingTime: Timestamp): void {
    for (const [stage, { source, upstream }] of this.#stages.entries()) {
      if (this.#isEnded[stage] === true) continue;
      const watermark = inputWatermark(
        this.#input[stage] ?? MIN_TIMESTAMP,
        upstream.map((each) => this.outputOf(each)),
      );
      this.#input[stage] = watermark;
      source.advance({ watermark, processingTime });
    }
  }

  /** Nothing that a stage emits later will be older. */
  outputOf(stage: number): Timestamp {
    return this.#isEnded[stage] === true
      ? MAX_TIMESTAMP
      : (this.#stages[stage]?.source.watermark ?? MAX_TIMESTAMP);
  }
}
