import type { RestrictionResidual, RestrictionWork } from '../../executor/splittable/restriction-driver.ts';
import { RestrictionTurns } from '../../executor/splittable/restriction-turns.ts';
import { Splittable } from '../../executor/splittable/splittable.ts';
import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import { MAX_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { Receiver, WindowedValue } from '../../model/windowed-value.ts';
import type { Groups, Times } from '../groups/groups.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { HeldElements } from '../side-inputs/held-elements.ts';
import type { SideInputStore } from '../side-inputs/side-input-store.ts';

/** What they are made for. */
export interface SplittableElementsOptions {
  readonly transform: AppliedPTransform;
  /** Its full name. */
  readonly name: string;
  readonly sides: readonly SideInputStore[];
  readonly memory: RunMemory;
  /** Processing time. */
  readonly now: () => Timestamp;
  /** Splits each restriction, also what ends, after so many elements. Results do not depend on it. */
  readonly restrictionElements?: number | undefined;
}

/** Work that waits for its turn. */
interface Pending {
  readonly work: WindowedValue<RestrictionWork>;
  /** No output of it will be older. */
  readonly hold: Timestamp;
  readonly resumeAt: Timestamp;
  /** A drain has made it as short as it can be. */
  readonly isTruncated: boolean;
}

/**
 * What comes to a transform with a splittable DoFn: its elements, which wait for side inputs if there are any, as restrictions;
 * and what is left of those, when its time has come.
 *
 * What ends is worked on as it comes, one initial split after the other. What need not end is split every so many elements
 * and every second, and takes turns.
 */
export class SplittableElements implements Groups {
  readonly add: Receiver;
  readonly isBounded: boolean;
  /** Who has them worked on. */
  readonly turns: RestrictionTurns;
  readonly #held: HeldElements;
  readonly #splittable: Splittable;
  #pending: Pending[] = [];
  #processingTime: Timestamp = -Infinity;
  #isDraining = false;

  constructor(options: SplittableElementsOptions) {
    const { sides, memory, name, transform, now, restrictionElements } = options;
    this.#held = new HeldElements(sides, { memory, transform: name });
    this.#splittable = new Splittable(transform, name);
    this.isBounded = this.#splittable.isBounded;
    this.turns = new RestrictionTurns({
      isBounded: this.isBounded,
      now,
      elements: restrictionElements,
      handBack: (residual) => this.#handBack(residual),
    });
    this.add = this.#held.add;
  }

  endBundle(): void {
    this.#held.endBundle();
  }

  advance({ processingTime }: Times): void {
    this.#held.advance();
    this.#processingTime = processingTime;
  }

  /** Elements are ready that no work was made of yet: their timestamps are not in `hold`. */
  get hasNew(): boolean {
    return this.#held.isDue;
  }

  get isDue(): boolean {
    return this.#held.isDue || this.#pending.some((pending) => this.#isReady(pending));
  }

  get dueAt(): Timestamp | undefined {
    let earliest: Timestamp | undefined;
    for (const { resumeAt } of this.#pending) earliest = Math.min(earliest ?? Infinity, resumeAt);
    return earliest;
  }

  get hold(): Timestamp {
    // What is still to be done keeps the stage open, however late it is.
    let earliest = this.#pending.length === 0 ? MAX_TIMESTAMP : MAX_TIMESTAMP - 1;
    for (const { hold } of this.#pending) earliest = Math.min(earliest, hold);
    return Math.min(earliest, this.#held.hold);
  }

  /** What need not end is made as short as its provider says, and then comes to its end. */
  drain(): void {
    this.#isDraining = true;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    this.turns.startBundle();
    try {
      if (this.#held.isDue) {
        await this.#held.fire(async (value, timestamp, windows, pane) => {
          await this.#take({ value, timestamp, windows, pane }, receiver);
        }, signal);
      }
      const ready = this.#pending.filter((pending) => this.#isReady(pending));
      for (const pending of ready) {
        if (this.turns.isOver) break;
        this.#pending.splice(this.#pending.indexOf(pending), 1);
        await this.#process(pending, receiver);
        signal.throwIfAborted();
      }
    } finally {
      this.turns.finishBundle();
    }
  }

  close(): void {
    this.#held.close();
    this.#pending = [];
    this.turns.finishBundle();
  }

  #handBack({ work, watermark, resumeAt }: RestrictionResidual): void {
    this.#pending.push({
      work,
      hold: watermark ?? work.timestamp,
      resumeAt,
      isTruncated: this.#isDraining,
    });
  }

  /** Makes the initial splits of an element. */
  async #take(element: WindowedValue<unknown>, receiver: Receiver): Promise<void> {
    const whole = await this.#splittable.begin(element.value);
    for (const value of await this.#splittable.split(whole)) {
      const pending: Pending = {
        work: { ...element, value },
        hold: element.timestamp,
        resumeAt: -Infinity,
        isTruncated: false,
      };
      if (this.isBounded) await this.#process(pending, receiver);
      else this.#pending.push(pending);
    }
  }

  async #process({ work, isTruncated }: Pending, receiver: Receiver): Promise<void> {
    const { value, timestamp, windows, pane } = work;
    const left =
      this.#isDraining && !this.isBounded && !isTruncated ? await this.#splittable.truncate(value) : value;
    if (left !== undefined) await receiver(left, timestamp, windows, pane);
  }

  #isReady({ resumeAt, isTruncated }: Pending): boolean {
    return resumeAt <= this.#processingTime || (this.#isDraining && !this.isBounded && !isTruncated);
  }
}
