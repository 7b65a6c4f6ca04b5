import {
  create,
  type DescMethodBiDiStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { callMetadata, channelCredentials, channelOptions, type EndpointOptions } from './channel.ts';
import { methodDefinition } from './service-definition.ts';

type Methods<S extends DescService> = S['method'];
type Named<S extends DescService, Kind> = {
  [K in keyof Methods<S>]: Methods<S>[K] extends Kind ? K : never;
}[keyof Methods<S>];

/** What a call takes beside its request. */
export interface CallOptions {
  /** Fails with DEADLINE_EXCEEDED after so many milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/** One service at one endpoint. Errors are grpc-js's ServiceErrors, with `code` and `details`. */
export class ServiceClient<S extends DescService> {
  readonly #service: S;
  readonly #endpoint: EndpointOptions;
  readonly #client: Client;

  constructor(service: S, endpoint: EndpointOptions) {
    this.#service = service;
    this.#endpoint = endpoint;
    this.#client = new Client(endpoint.url, channelCredentials(endpoint), channelOptions(endpoint));
  }

  /** Calls a method that takes one message and gives one. */
  async unary<K extends Named<S, DescMethodUnary>>(
    name: K,
    request: MessageInitShape<Methods<S>[K]['input']>,
    { timeoutMs, signal }: CallOptions = {},
  ): Promise<MessageShape<Methods<S>[K]['output']>> {
    signal?.throwIfAborted();
    const { method, definition } = this.#method(name);
    const answer = await new Promise<Message>((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize,
        create(method.input, request),
        callMetadata(this.#endpoint),
        timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs },
        (error, value) => {
          signal?.removeEventListener('abort', abort);
          if (signal?.aborted === true) reject(signal.reason as Error);
          else if (error !== null) reject(error);
          else if (value !== undefined) resolve(value);
        },
      );
      const abort = () => call.cancel();
      signal?.addEventListener('abort', abort, { once: true });
    });
    return answer as MessageShape<Methods<S>[K]['output']>; // deserialised by that very schema
  }

  /** Calls a method that takes one message and gives a stream, which is read no faster than it is asked for. */
  async *serverStream<K extends Named<S, DescMethodServerStreaming>>(
    name: K,
    request: MessageInitShape<Methods<S>[K]['input']>,
    { timeoutMs, signal }: CallOptions = {},
  ): AsyncGenerator<MessageShape<Methods<S>[K]['output']>, void, void> {
    signal?.throwIfAborted();
    const { method, definition } = this.#method(name);
    const call = this.#client.makeServerStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      create(method.input, request),
      callMetadata(this.#endpoint),
      timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs },
    );
    const abort = () => call.cancel();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const message of call) yield message as MessageShape<Methods<S>[K]['output']>;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      call.cancel();
    }
  }

  /** Opens a stream in both directions: a Node stream of messages, with its back-pressure. */
  bidiStream<K extends Named<S, DescMethodBiDiStreaming>>(
    name: K,
  ): ClientDuplexStream<MessageShape<Methods<S>[K]['input']>, MessageShape<Methods<S>[K]['output']>> {
    const { definition } = this.#method(name);
    const call = this.#client.makeBidiStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      callMetadata(this.#endpoint),
    );
    // Typed by the method's own schemas.
    return call as unknown as ClientDuplexStream<
      MessageShape<Methods<S>[K]['input']>,
      MessageShape<Methods<S>[K]['output']>
    >;
  }

  /** Waits until the service answers. Rejects after `timeoutMs`. */
  async waitForReady(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#client.waitForReady(Date.now() + timeoutMs, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    this.#client.close();
  }

  #method(name: keyof Methods<S>) {
    const method = this.#service.method[name as string];
    if (method === undefined) {
      throw new RangeError(
        `Cannot call a method as ${this.#service.typeName} must have it: received ${String(name)}`,
      );
    }
    return { method, definition: methodDefinition(this.#service, method) };
  }
}

/** True for an error of a gRPC call, which has a `code` and `details`. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}
