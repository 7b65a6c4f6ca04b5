/** All that the queue knows of a socket; zeromq's own sockets are such. */
export interface FrameSender {
  send(frames: Uint8Array[]): Promise<void>;
}

/**
 * Sends multipart messages over one socket in the order in which they were given, one at a time.
 *
 * ZeroMQ takes one unawaited send; more of them in a tick fail or are lost (past some 512 of them).
 */
export class SendQueue {
  readonly #socket: FrameSender;
  readonly #onError: (error: unknown) => void;
  #waiting: Uint8Array[][] = [];
  #draining: Promise<void> | undefined;

  /** @param onError Told when a message could not be sent; the next ones are sent all the same. */
  constructor(socket: FrameSender, onError: (error: unknown) => void) {
    this.#socket = socket;
    this.#onError = onError;
  }

  /** How many messages have not been given to the socket yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Takes a message; it is sent as soon as those before it are. */
  enqueue(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
    this.#draining ??= this.#drain();
  }

  /** Resolves when all that was taken has been handed to ZeroMQ. */
  async drained(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch (error) {
          this.#onError(error);
        }
      }
    }
    this.#draining = undefined;
  }
}
