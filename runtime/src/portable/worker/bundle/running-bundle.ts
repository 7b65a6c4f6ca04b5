import type { FromBundleThread } from '../thread-messages.ts';
import type { BundleChannel, BundleProcessor, InputPart } from './bundle-processor.ts';

/** Bytes of output that may be under way to gRPC before a bundle waits. */
const MOST_UNSENT = 4 * 1024 * 1024;

/** One bundle of a thread: what came for it, and what it waits for. */
export class RunningBundle implements BundleChannel {
  readonly instructionId: string;
  /** Undefined until it is ready to run. */
  processor: BundleProcessor | undefined;
  readonly #post: (message: FromBundleThread) => void;
  readonly #inbox: InputPart[] = [];
  #taken = 0;
  #unsent = 0;
  #awaitsInput: ((part: InputPart) => void) | undefined;
  #awaitsCredit: (() => void)[] = [];
  #aborted: { readonly reason: unknown } | undefined;

  constructor(instructionId: string, post: (message: FromBundleThread) => void) {
    this.instructionId = instructionId;
    this.#post = post;
  }

  /** Why it was given up; undefined if it was not. */
  get aborted(): { readonly reason: unknown } | undefined {
    return this.#aborted;
  }

  /** Takes a part of its input. */
  add(part: InputPart): void {
    if (this.#awaitsInput === undefined) this.#inbox.push(part);
    else this.#awaitsInput(part);
    this.#awaitsInput = undefined;
  }

  /** So many bytes of its output went on. */
  credit(bytes: number): void {
    this.#unsent -= bytes;
    if (this.#unsent > MOST_UNSENT) return;
    for (const resolve of this.#awaitsCredit.splice(0)) resolve();
  }

  /** Gives it up. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.processor?.abort(reason);
  }

  /** Counts what nobody will read any more as read, so that others are sent more. */
  dropInput(): void {
    for (const { bytes } of this.#inbox.splice(0).slice(this.#taken)) this.consumed(bytes.length);
    this.#taken = 0;
  }

  receive(): InputPart | Promise<InputPart> {
    const part = this.#inbox[this.#taken];
    if (part === undefined) {
      return new Promise((resolve) => {
        this.#awaitsInput = resolve;
      });
    }
    this.#taken += 1;
    if (this.#taken === this.#inbox.length) {
      this.#inbox.length = 0;
      this.#taken = 0;
    }
    return part;
  }

  consumed(bytes: number): void {
    if (bytes > 0) this.#post({ kind: 'consumed', instructionId: this.instructionId, bytes });
  }

  send({
    transformId,
    timerFamilyId,
    bytes,
    isLast,
  }: InputPart & { readonly bytes: Uint8Array<ArrayBuffer> }): Promise<void> | undefined {
    this.#unsent += bytes.length;
    const { instructionId } = this;
    this.#post({ kind: 'output', instructionId, transformId, timerFamilyId, bytes, isLast });
    if (this.#unsent <= MOST_UNSENT || isLast) return undefined;
    return new Promise((resolve) => this.#awaitsCredit.push(resolve));
  }
}
