import type { ClientDuplexStream } from '@grpc/grpc-js';

/**
 * A gRPC stream in both directions, whose end never surprises: writing to one that has gone gives false, and reading
 * it stops.
 */
export class MessageStream<Out, In> {
  readonly #call: ClientDuplexStream<Out, In>;
  readonly #ended: Promise<Error | undefined>;
  #isOpen = true;

  constructor(call: ClientDuplexStream<Out, In>) {
    this.#call = call;
    this.#ended = new Promise((resolve) => {
      const end = (reason?: Error) => {
        this.#isOpen = false;
        resolve(reason);
      };
      call.on('error', end);
      call.on('status', () => end());
      call.on('close', () => end());
    });
  }

  /** Settles when the stream has ended: with the error, if it ended with one. Never rejects. */
  get ended(): Promise<Error | undefined> {
    return this.#ended;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when gRPC has taken the message for the connection, which is its back-pressure; false if it never will. */
  async write(message: Out): Promise<boolean> {
    if (!this.#isOpen) return false;
    const written = new Promise<boolean>((resolve) => {
      this.#call.write(message, (error: Error | null | undefined) =>
        resolve(error === null || error === undefined),
      );
    });
    return Promise.race([written, this.#ended.then(() => false)]);
  }

  /** What arrives, read no faster than it is asked for. Ends when the stream does; why, `ended` tells. */
  async *messages(): AsyncGenerator<In, void, void> {
    try {
      for await (const message of this.#call as AsyncIterable<In>) yield message;
    } catch {
      await this.#ended;
    }
  }

  /** Says that nothing more will be written; the other side ends the stream then. */
  end(): void {
    if (this.#isOpen) this.#call.end();
  }

  /** Ends it at once. */
  cancel(): void {
    this.#call.cancel();
  }
}
