import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { receiveMessageOnPort } from 'node:worker_threads';

import { PipelineError } from '../../../errors.ts';
import { StateRequestSchema, StateResponseSchema, type StateKeySchema } from '../../../proto/fn-api.ts';
import type { FromBundleThread, StateAnswer, StateChannel } from '../thread-messages.ts';

/** A part of what a state key holds. */
export interface StatePage {
  readonly data: Uint8Array;
  /** Asks for what follows; empty at the end. */
  readonly next: Uint8Array;
}

/** A state key: one of the runner's own, as it came in an iterable, or a window of a side input. */
export type StateKeyType = NonNullable<MessageInitShape<typeof StateKeySchema>['type']>;

/** What to read. */
export interface StatePlace {
  readonly instructionId: string;
  readonly key: StateKeyType;
  /** What it holds, for errors: "the values of a group". */
  readonly what: string;
  /** Of the page before; empty for the first one. */
  readonly after: Uint8Array;
}

/**
 * Reads the runner's state from a bundle thread, waiting for it with or without the thread's event loop.
 *
 * @see beam_fn_api.proto, BeamFnState
 */
export class StateReader {
  readonly #post: (message: FromBundleThread) => void;
  readonly #channel: StateChannel;
  readonly #signal: Int32Array;
  readonly #answered = new Map<number, (response: Uint8Array) => void>();
  #tokens = 0;
  #isListening = false;

  constructor(channel: StateChannel, post: (message: FromBundleThread) => void) {
    this.#channel = channel;
    this.#post = post;
    this.#signal = new Int32Array(channel.signal);
  }

  /** Stops the thread until the page is there. @throws {PipelineError} with what the runner says is wrong. */
  readSync(place: StatePlace): StatePage {
    let response: Uint8Array | undefined;
    this.#ask(place, (bytes) => (response = bytes));
    while (response === undefined) {
      const seen = Atomics.load(this.#signal, 0);
      this.#takeAll();
      // `takeAll` calls the function above. eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
      if ((response as Uint8Array | undefined) === undefined) Atomics.wait(this.#signal, 0, seen);
    }
    return pageOf(response, place);
  }

  /** The same, while others run. */
  async read(place: StatePlace): Promise<StatePage> {
    if (!this.#isListening) {
      this.#isListening = true;
      this.#channel.port.on('message', (answer: StateAnswer) => this.#take(answer));
    }
    const response = await new Promise<Uint8Array>((resolve) => this.#ask(place, resolve));
    return pageOf(response, place);
  }

  #ask({ instructionId, key, after }: StatePlace, answered: (response: Uint8Array) => void): void {
    const token = (this.#tokens += 1);
    this.#answered.set(token, answered);
    const request = create(StateRequestSchema, {
      instructionId,
      stateKey: { type: key },
      request: { case: 'get', value: { continuationToken: after } },
    });
    this.#post({ kind: 'state', token, request: toBinary(StateRequestSchema, request) });
  }

  #takeAll(): void {
    // Only the other end of the channel posts to it, and it posts answers.
    for (;;) {
      const received = receiveMessageOnPort(this.#channel.port) as
        { readonly message: StateAnswer } | undefined;
      if (received === undefined) return;
      this.#take(received.message);
    }
  }

  #take({ token, response }: StateAnswer): void {
    const answered = this.#answered.get(token);
    this.#answered.delete(token);
    answered?.(response);
  }
}

function pageOf(bytes: Uint8Array, { what }: StatePlace): StatePage {
  const { error, response } = fromBinary(StateResponseSchema, bytes);
  if (error !== '' || response.case !== 'get') {
    throw new PipelineError(
      `Cannot read ${what} as the runner must give them: received ${error || 'another answer'}`,
      { hint: 'If the job was cancelled this is what it looks like; else see the log of the runner' },
    );
  }
  return { data: response.value.data, next: response.value.continuationToken };
}
