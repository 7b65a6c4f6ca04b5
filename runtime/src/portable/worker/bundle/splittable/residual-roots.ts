import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs, type Timestamp as TimestampProto } from '@bufbuild/protobuf/wkt';
import { OutputBytes } from '../../../../coders/output-bytes.ts';
import type { WindowedCoder } from '../../../../coders/windowed-value.ts';
import { MIN_TIMESTAMP, type Timestamp } from '../../../../model/timestamp.ts';
import { DelayedBundleApplicationSchema, type DelayedBundleApplication } from '../../../../proto/fn-api.ts';
import { IsBounded_Enum, type PTransform } from '../../../../proto/runner-api.ts';
import type { StepResidual } from './splittable-step.ts';

/** The earliest and the latest time that google.protobuf.Timestamp has: the years 1 and 9999. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** What the steps of a bundle hand back to the runner, and whether the runner has asked for it. */
export class ResidualRoots {
  readonly #coderOf: (pcollectionId: string) => WindowedCoder;
  #roots: DelayedBundleApplication[] = [];
  #isHurried = false;

  /** @param coderOf The coder by which a PCollection's elements come from the runner. */
  constructor(coderOf: (pcollectionId: string) => WindowedCoder) {
    this.#coderOf = coderOf;
  }

  /** True once the runner has asked for a split of the bundle under way. */
  get isHurried(): boolean {
    return this.#isHurried;
  }

  hurry(): void {
    this.#isHurried = true;
  }

  /** A bundle begins: nothing was handed back yet. */
  begin(): void {
    this.#roots = [];
    this.#isHurried = false;
  }

  /** Hands back what a transform has left of an element. */
  add(transformId: string, transform: PTransform, { element, watermark, delayMs }: StepResidual): void {
    const [inputId = '', pcollectionId = ''] = Object.entries(transform.inputs)[0] ?? [];
    const bytes = new OutputBytes();
    this.#coderOf(pcollectionId).encode(element, bytes);
    const at = watermark === MIN_TIMESTAMP ? undefined : timestampOf(watermark);
    this.#roots.push(
      create(DelayedBundleApplicationSchema, {
        application: {
          transformId,
          inputId,
          element: new Uint8Array(bytes.take()),
          outputWatermarks:
            at === undefined
              ? {}
              : Object.fromEntries(Object.keys(transform.outputs).map((tag) => [tag, at])),
          isBounded: IsBounded_Enum.UNBOUNDED,
        },
        requestedTimeDelay: durationFromMs(delayMs),
      }),
    );
  }

  /** All that was handed back. */
  take(): DelayedBundleApplication[] {
    return this.#roots.splice(0);
  }
}

function timestampOf(timestamp: Timestamp): TimestampProto {
  return timestampFromMs(Math.min(Math.max(timestamp, EARLIEST), LATEST));
}
