import type { StateRequest, StateResponse } from '../../proto/fn-api.ts';
import { DataStream, type DataReceiver, type OutgoingData } from './data-stream.ts';
import type { Logger } from './log-sender.ts';
import { StateStream } from './state-stream.ts';

/** The data and state streams of a worker: one for each endpoint, opened when it is first needed, and again when it has gone. */
export class Streams {
  readonly #workerId: string;
  readonly #logger: Logger;
  readonly #data = new Map<string, DataStream>();
  readonly #state = new Map<string, StateStream>();
  #isClosed = false;

  constructor(options: { readonly workerId: string; readonly logger: Logger }) {
    this.#workerId = options.workerId;
    this.#logger = options.logger;
  }

  /** Opens the streams that data of not yet known instructions may come over. */
  open(urls: Iterable<string>): void {
    for (const url of urls) this.#dataStream(url);
  }

  /** Gives the elements of an instruction, from all of `urls`, to a receiver, until it is unregistered. */
  register(instructionId: string, urls: Iterable<string>, receiver: DataReceiver): void {
    for (const url of new Set(urls)) this.#dataStream(url).register(instructionId, receiver);
  }

  unregister(instructionId: string): void {
    for (const stream of this.#data.values()) stream.unregister(instructionId);
    for (const stream of this.#state.values()) stream.abort(instructionId, 'The bundle has ended');
  }

  consumed(instructionId: string, bytes: number): void {
    for (const stream of this.#data.values()) stream.consumed(instructionId, bytes);
  }

  /** Resolves when gRPC has taken it; false if the stream has gone. */
  send(url: string, data: OutgoingData): Promise<boolean> {
    return this.#dataStream(url).send(data);
  }

  /** Never rejects: what fails is an error in the response. */
  askState(url: string, request: StateRequest): Promise<StateResponse> {
    let stream = this.#state.get(url);
    if (stream === undefined) {
      stream = new StateStream({ url, workerId: this.#workerId });
      this.#state.set(url, stream);
    }
    return stream.request(request);
  }

  /** Answers what an instruction asks of the state service with an error, so that no thread waits for it. */
  abortState(instructionId: string, reason: string): void {
    for (const stream of this.#state.values()) stream.abort(instructionId, reason);
  }

  /** Bytes of input that wait for bundle threads. */
  get heldBytes(): number {
    return [...this.#data.values()].reduce((sum, stream) => sum + stream.heldBytes, 0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stream of this.#state.values()) stream.close();
    await Promise.all([...this.#data.values()].map((stream) => stream.close()));
  }

  #dataStream(url: string): DataStream {
    const known = this.#data.get(url);
    if (known?.isOpen === true) return known;
    const stream = new DataStream({ url, workerId: this.#workerId });
    this.#data.set(url, stream);
    void this.#read(stream, url);
    return stream;
  }

  async #read(stream: DataStream, url: string): Promise<void> {
    const error = await stream.run();
    if (error !== undefined && !this.#isClosed) {
      this.#logger.log('debug', `The data stream to ${url} ended: ${error.message}`);
    }
  }
}
