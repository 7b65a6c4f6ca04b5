import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs, type Timestamp as TimestampProto } from '@bufbuild/protobuf/wkt';
import type {
  RestrictionResidual,
  RestrictionWork,
} from '../../../../executor/splittable/restriction-driver.ts';
import { RestrictionTurns } from '../../../../executor/splittable/restriction-turns.ts';
import { MIN_TIMESTAMP, type Timestamp } from '../../../../model/timestamp.ts';
import type { WindowedValue } from '../../../../model/windowed-value.ts';
import {
  BundleApplicationSchema,
  DelayedBundleApplicationSchema,
  type BundleApplication,
  type DelayedBundleApplication,
} from '../../../../proto/fn-api.ts';
import { IsBounded_Enum } from '../../../../proto/runner-api.ts';

/** The earliest and the latest time that google.protobuf.Timestamp has: the years 1 and 9999. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A runner takes no delay without end. */
const LONGEST_DELAY_MS = 86_400_000;

/** What a RunningStep needs. */
export interface RunningStepOptions {
  readonly transformId: string;
  /** Local names of its main input, and of its outputs. */
  readonly input: string;
  readonly outputs: readonly string[];
  readonly isBounded: boolean;
  /** Processing time, milliseconds since the epoch. */
  readonly now: () => Timestamp;
  /** Encodes an element of its input, as the runner gives them. */
  readonly encode: (element: WindowedValue<unknown>) => Uint8Array<ArrayBuffer>;
  /** Work in the form in which it comes in. */
  readonly sized: (work: WindowedValue<RestrictionWork>) => WindowedValue<unknown>;
  /** Takes what is handed back with the bundle's response. */
  readonly handBack: (root: DelayedBundleApplication) => void;
}

/** What a split of the element under way gives to the runner. */
export interface ElementSplit {
  readonly primary: BundleApplication;
  readonly residual: DelayedBundleApplication;
}

/** The part of a splittable step that does the work, in the bundles of a processor. */
export class RunningStep {
  readonly turns: RestrictionTurns;
  readonly #options: RunningStepOptions;

  constructor(options: RunningStepOptions) {
    this.#options = options;
    this.turns = new RestrictionTurns({
      isBounded: options.isBounded,
      now: options.now,
      handBack: (residual) => options.handBack(this.#delayed(residual)),
    });
  }

  /**
   * The runner asks for a split: what need not end is handed back with the bundle's response, which tells its watermark. Prism
   * 2.77 takes none from the response to a split.
   */
  hurry(): void {
    if (!this.#options.isBounded) this.turns.end();
  }

  /** How much of the element under way is done, from 0 to 1; undefined if nothing of it can be split off. */
  get fractionDone(): number | undefined {
    const { running } = this.turns;
    if (running === undefined || !this.#options.isBounded) return undefined;
    const { completed, remaining } = running.progress();
    const all = completed + remaining;
    return all > 0 && all < Infinity ? completed / all : 0;
  }

  /** Splits the element under way; undefined if it cannot be. */
  split(fractionOfRemainder: number): ElementSplit | undefined {
    const parts = this.turns.running?.split(fractionOfRemainder);
    if (parts === undefined) return undefined;
    return {
      primary: this.#application(parts.primary, undefined),
      residual: this.#delayed(parts.residual),
    };
  }

  #delayed({ work, watermark, resumeAt }: RestrictionResidual): DelayedBundleApplication {
    const delayMs = Math.min(Math.max(0, resumeAt - this.#options.now()), LONGEST_DELAY_MS);
    return create(DelayedBundleApplicationSchema, {
      application: this.#application(work, watermark),
      requestedTimeDelay: durationFromMs(delayMs),
    });
  }

  #application(work: WindowedValue<RestrictionWork>, watermark: Timestamp | undefined): BundleApplication {
    const { transformId, input: inputId, outputs, isBounded, encode, sized } = this.#options;
    const at = watermark === undefined || watermark === MIN_TIMESTAMP ? undefined : timestampOf(watermark);
    return create(BundleApplicationSchema, {
      transformId,
      inputId,
      element: encode(sized(work)),
      outputWatermarks: at === undefined ? {} : Object.fromEntries(outputs.map((tag) => [tag, at])),
      isBounded: isBounded ? IsBounded_Enum.BOUNDED : IsBounded_Enum.UNBOUNDED,
    });
  }
}

function timestampOf(timestamp: Timestamp): TimestampProto {
  return timestampFromMs(Math.min(Math.max(timestamp, EARLIEST), LATEST));
}
