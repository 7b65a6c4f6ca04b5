import type { Timestamp } from '../../model/timestamp.ts';
import type { RestrictionDriver, RestrictionResidual } from './restriction-driver.ts';
import type { RunningRestriction } from './running-restriction.ts';

/** Of what need not end, a bundle emits no more elements, and takes no longer: what follows goes on then. */
const BUNDLE_ELEMENTS = 10_000;
const BUNDLE_MS = 1000;

/** What they need. */
export interface RestrictionTurnsOptions {
  /** Restrictions end: nothing is split then, unless `elements` says so. */
  readonly isBounded: boolean;
  /** Processing time, milliseconds since the epoch. */
  readonly now: () => Timestamp;
  /** A bundle emits no more elements. */
  readonly elements?: number | undefined;
  /** Takes what is left of a restriction. */
  readonly handBack: (residual: RestrictionResidual) => void;
}

/** Drives the restrictions of a bundle: what need not end is split when the bundle has had its turn. */
export class RestrictionTurns implements RestrictionDriver {
  readonly now: () => Timestamp;
  readonly handBack: (residual: RestrictionResidual) => void;
  readonly #isBounded: boolean;
  readonly #elements: number;
  #running: RunningRestriction | undefined;
  #left = Infinity;
  #timer: NodeJS.Timeout | undefined;
  /** What a tracker threw when the time was over. */
  #failure: { readonly error: unknown } | undefined;

  constructor({ isBounded, now, elements, handBack }: RestrictionTurnsOptions) {
    this.now = now;
    this.handBack = handBack;
    this.#isBounded = isBounded;
    this.#elements = elements ?? (isBounded ? Infinity : BUNDLE_ELEMENTS);
  }

  /** What is worked on now. */
  get running(): RunningRestriction | undefined {
    return this.#running;
  }

  /** The bundle has had its turn: what still begins is handed back as it is. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  startBundle(): void {
    this.finishBundle();
    this.#left = this.#elements;
    if (!this.#isBounded) this.#timer = setTimeout(() => this.end(), BUNDLE_MS).unref();
  }

  /** Ends the bundle's turn soon: what is left of the restriction under way is handed back. */
  end(): void {
    this.#left = 0;
    try {
      if (this.#running !== undefined) this.#checkpoint(this.#running);
    } catch (error) {
      this.#failure = { error };
    }
  }

  finishBundle(): void {
    clearTimeout(this.#timer);
    this.#left = Infinity;
    this.#running = undefined;
  }

  begin(running: RunningRestriction): void {
    this.#running = running;
    if (this.isOver) this.#checkpoint(running);
  }

  emitted(running: RunningRestriction): void {
    this.#left -= 1;
    if (this.isOver) this.#checkpoint(running);
  }

  done(): void {
    this.#running = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #checkpoint(running: RunningRestriction): void {
    const parts = running.split(0);
    if (parts !== undefined) this.handBack(parts.residual);
  }
}
