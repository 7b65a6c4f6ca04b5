import { create } from '@bufbuild/protobuf';
import {
  BeamFnState,
  StateResponseSchema,
  type StateRequest,
  type StateResponse,
} from '../../proto/fn-api.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import { MessageStream } from './message-stream.ts';

interface Pending {
  readonly instructionId: string;
  readonly answer: (response: StateResponse) => void;
}

/**
 * Asks one state endpoint: pages of grouped values, and later side inputs and user state.
 *
 * Every request gets an answer, in whatever order: if the stream has gone, or the instruction is given up, one with
 * an error. A thread may be waiting for it and do nothing else.
 */
export class StateStream {
  readonly #client: ServiceClient<typeof BeamFnState>;
  readonly #pending = new Map<string, Pending>();
  #stream: MessageStream<StateRequest, StateResponse> | undefined;
  #requests = 0;

  constructor(options: { readonly url: string; readonly workerId: string }) {
    this.#client = new ServiceClient(BeamFnState, {
      url: options.url,
      metadata: { worker_id: options.workerId },
    });
  }

  /** Sends a request, under an id of ours. Never rejects. */
  async request(request: StateRequest): Promise<StateResponse> {
    const id = String((this.#requests += 1));
    const stream = this.#open();
    const answer = new Promise<StateResponse>((resolve) => {
      this.#pending.set(id, { instructionId: request.instructionId, answer: resolve });
    });
    if (!(await stream.write({ ...request, id }))) this.#fail(id, 'The state stream is closed');
    return answer;
  }

  /** Answers what an instruction waits for with an error. */
  abort(instructionId: string, reason: string): void {
    for (const [id, pending] of this.#pending)
      if (pending.instructionId === instructionId) this.#fail(id, reason);
  }

  /** Ends the stream; what is asked still gets an error. */
  close(): void {
    this.#stream?.cancel();
    this.#failAll('The worker is closing');
    this.#client.close();
  }

  #open(): MessageStream<StateRequest, StateResponse> {
    if (this.#stream?.isOpen === true) return this.#stream;
    this.#stream = new MessageStream(this.#client.bidiStream('state'));
    void this.#read(this.#stream);
    return this.#stream;
  }

  async #read(stream: MessageStream<StateRequest, StateResponse>): Promise<void> {
    for await (const response of stream.messages()) {
      const pending = this.#pending.get(response.id);
      this.#pending.delete(response.id);
      pending?.answer(response);
    }
    const error = await stream.ended;
    if (this.#stream === stream) {
      this.#failAll(`The runner closed the state stream: ${error?.message ?? 'no reason given'}`);
    }
  }

  #failAll(reason: string): void {
    for (const id of [...this.#pending.keys()]) this.#fail(id, reason);
  }

  #fail(id: string, reason: string): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.answer(create(StateResponseSchema, { id, error: reason }));
  }
}
