import type { Pacer } from '../executor/pacer.ts';
import type { StageExecutor } from '../executor/stage-executor.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { InputReceiver } from './inputs/bundle-source.ts';

/** Feeds an executor: opens a bundle for the first element, closes it after `size` or where the input says. */
export class Bundles implements InputReceiver {
  readonly receive: InputReceiver['receive'];
  readonly fireTimer: NonNullable<InputReceiver['fireTimer']>;
  readonly #executor: StageExecutor;
  readonly #onBundle: () => void | Promise<void>;
  #elements = 0;
  #inBundle = 0;
  #isOpen = false;
  #stopped: { readonly reason: unknown } | undefined;

  /** @param options.onBundle A bundle has ended, and all that it emits has been taken. */
  constructor(
    executor: StageExecutor,
    {
      pacer,
      size,
      head,
      onBundle,
    }: {
      readonly pacer: Pacer;
      readonly size: number;
      /** The transform that timers are for, if it has any. */
      readonly head: AppliedPTransform | undefined;
      readonly onBundle: () => void | Promise<void>;
    },
  ) {
    this.#executor = executor;
    this.#onBundle = onBundle;
    const { receive } = executor;
    this.receive = (value, timestamp, windows, pane) => {
      if (!this.#isOpen || this.#inBundle >= size) {
        return this.#nextBundle().then(() => this.receive(value, timestamp, windows, pane));
      }
      this.#elements += 1;
      this.#inBundle += 1;
      const wait = receive(value, timestamp, windows, pane);
      return wait === undefined ? pacer.pause() : wait.then(() => pacer.pause());
    };
    this.fireTimer = (timer) => {
      if (head === undefined) return undefined;
      if (!this.#isOpen || this.#inBundle >= size)
        return this.#nextBundle().then(() => this.fireTimer(timer));
      this.#inBundle += 1;
      const wait = executor.fireTimer(head, timer);
      return wait === undefined ? pacer.pause() : wait.then(() => pacer.pause());
    };
  }

  /** Elements that were read so far. */
  get elements(): number {
    return this.#elements;
  }

  async endBundle(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#inBundle = 0;
    await this.#executor.finishBundle();
    await this.#onBundle();
  }

  /** Takes no more: a source that goes on although it was told to end gets `reason`. */
  stop(reason: unknown): void {
    this.#isOpen = false;
    this.#stopped = { reason };
  }

  async #nextBundle(): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped.reason;
    await this.endBundle();
    await this.#executor.startBundle();
    this.#isOpen = true;
  }
}
