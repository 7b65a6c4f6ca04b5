import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { receiveMessageOnPort } from 'node:worker_threads';

import { PipelineError } from '../../../errors.ts';
import { StateRequestSchema, StateResponseSchema, type StateKeySchema } from '../../../proto/fn-api.ts';
import type { ValuePages } from './grouped-values.ts';
import type { FromBundleThread, StateAnswer, StateChannel } from '../thread-messages.ts';

/** A part of what a state key holds. */
export interface StatePage {
  readonly data: Uint8Array;
  /** Asks for what follows; empty at the end. */
  readonly next: Uint8Array;
}

type StateRequestType = NonNullable<MessageInitShape<typeof StateRequestSchema>['request']>;

/** A state key: one of the runner's own, as it came in an iterable, or a window of a side input. */
export type StateKeyType = NonNullable<MessageInitShape<typeof StateKeySchema>['type']>;

/** Where state is. */
export interface StatePlace {
  readonly instructionId: string;
  readonly key: StateKeyType;
  /** What it holds, for errors: "the values of a group". */
  readonly what: string;
}

/** A page of it: `after` is of the page before, and empty for the first one. */
export type StatePagePlace = StatePlace & { readonly after: Uint8Array };

/** A change of it: bytes that are appended, or all of it cleared. */
export type StateWrite =
  | { readonly case: 'append'; readonly value: { readonly data: Uint8Array } }
  | { readonly case: 'clear'; readonly value: Readonly<Record<string, never>> };

/** One state key of the bundle under way. */
export interface StateAccess extends ValuePages {
  /** Settles when the runner has taken it. @throws {PipelineError} with what the runner says is wrong. */
  write(request: StateWrite): Promise<void>;
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
  readSync(place: StatePagePlace): StatePage {
    let response: Uint8Array | undefined;
    this.#ask(place, pageRequest(place), (bytes) => (response = bytes));
    while (response === undefined) {
      const seen = Atomics.load(this.#signal, 0);
      this.#takeAll();
      // `takeAll` calls the function above. eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
      if ((response as Uint8Array | undefined) === undefined) Atomics.wait(this.#signal, 0, seen);
    }
    return pageOf(response, place);
  }

  /** The same, while others run. */
  async read(place: StatePagePlace): Promise<StatePage> {
    return pageOf(await this.#answerTo(place, pageRequest(place)), place);
  }

  /** Changes it, while others run. */
  async write(place: StatePlace & { readonly request: StateWrite }): Promise<void> {
    const { error } = fromBinary(StateResponseSchema, await this.#answerTo(place, place.request));
    if (error !== '') throw refused('write', place, error);
  }

  #answerTo(place: StatePlace, request: StateRequestType): Promise<Uint8Array> {
    if (!this.#isListening) {
      this.#isListening = true;
      this.#channel.port.on('message', (answer: StateAnswer) => this.#take(answer));
    }
    return new Promise((resolve) => this.#ask(place, request, resolve));
  }

  #ask(
    { instructionId, key }: StatePlace,
    stateRequest: StateRequestType,
    answered: (response: Uint8Array) => void,
  ): void {
    const token = (this.#tokens += 1);
    this.#answered.set(token, answered);
    const request = create(StateRequestSchema, {
      instructionId,
      stateKey: { type: key },
      request: stateRequest,
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

function pageRequest({ after }: StatePagePlace): StateRequestType {
  return { case: 'get', value: { continuationToken: after } };
}

function refused(action: string, { what }: StatePlace, received: string): PipelineError {
  return new PipelineError(`Cannot ${action} ${what} as the runner must take part: received ${received}`, {
    hint: 'If the job was cancelled this is what it looks like; else see the log of the runner',
  });
}

function pageOf(bytes: Uint8Array, place: StatePlace): StatePage {
  const { error, response } = fromBinary(StateResponseSchema, bytes);
  if (error !== '' || response.case !== 'get') throw refused('read', place, error || 'another answer');
  return { data: response.value.data, next: response.value.continuationToken };
}
