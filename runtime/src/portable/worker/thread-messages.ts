import type { MessagePort } from 'node:worker_threads';

/**
 * What the worker's main thread, which owns all gRPC streams, and a bundle thread, which runs user code, say to each
 * other. Protos travel as bytes, data as transferred buffers.
 */

/** What a bundle thread is started with (`workerData`). */
export interface BundleThreadData {
  /** Path of the captured module, and of its source map; undefined if the job has no code of the user's. */
  readonly modulePath: string | undefined;
  readonly sourceMapPath: string | undefined;
  /** Folder of all staged artifacts, by name. */
  readonly artifactFolder: string;
  /** The job's pipeline options: Beam's, by their plain names. */
  readonly pipelineOptions: Readonly<Record<string, unknown>>;
  /** For synchronous answers to 'state' messages: see StateAnswers. */
  readonly state: StateChannel;
}

/** How a thread waits for the state channel without its event loop: Atomics.wait on `signal`, then receiveMessageOnPort. */
export interface StateChannel {
  /** One 32-bit word, counted up and notified for each answer that was posted to `port`. */
  readonly signal: SharedArrayBuffer;
  /** The thread's end of a MessageChannel: carries StateAnswer. */
  readonly port: MessagePort;
}

/** The answer to a 'state' message. */
export interface StateAnswer {
  readonly token: number;
  /** A StateResponse of the Fn API; its error, if any, is in it. */
  readonly response: Uint8Array;
}

/** To a bundle thread. Every message with a token is answered, also about a bundle that has ended. */
export type ToBundleThread =
  /** A ProcessBundleDescriptor, before the first bundle of it. */
  | { readonly kind: 'register'; readonly descriptor: Uint8Array }
  /** Begin a bundle. Its data may come before or after. */
  | { readonly kind: 'bundle'; readonly instructionId: string; readonly descriptorId: string }
  /** Elements for a data source of a bundle (its transform id); an empty last one ends it. */
  | {
      readonly kind: 'data';
      readonly instructionId: string;
      readonly transformId: string;
      /** Of timers, which come and go as elements do: the name that the transform gives them. */
      readonly timerFamilyId?: string | undefined;
      /** A buffer of its own, which moves to the thread. */
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly isLast: boolean;
    }
  /** So many bytes of the bundle's output were handed to gRPC. */
  | { readonly kind: 'credit'; readonly instructionId: string; readonly bytes: number }
  | { readonly kind: 'progress'; readonly token: number; readonly instructionId: string }
  /** A ProcessBundleSplitRequest. */
  | {
      readonly kind: 'split';
      readonly token: number;
      readonly instructionId: string;
      readonly request: Uint8Array;
    }
  | { readonly kind: 'finalize'; readonly token: number; readonly instructionId: string }
  /** Samples of PCollections (all if the list is empty): a SampleDataResponse. */
  | { readonly kind: 'sample'; readonly token: number; readonly pcollectionIds: readonly string[] }
  /** The runner has given up the bundle, or its streams are gone. */
  | { readonly kind: 'abort'; readonly instructionId: string; readonly reason: string }
  /** Tear all DoFns down, then answer 'closed'. */
  | { readonly kind: 'close' };

/** From a bundle thread. */
export type FromBundleThread =
  /** The module is loaded, or cannot be. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: string }
  /** Elements for a data sink of a bundle (its transform id). The last one of each sink comes before 'done'. */
  | {
      readonly kind: 'output';
      readonly instructionId: string;
      readonly transformId: string;
      readonly timerFamilyId?: string | undefined;
      readonly bytes: Uint8Array;
      readonly isLast: boolean;
    }
  /**
   * So many bytes of input were taken, and more may come. A part of an element counts as soon as the thread waits for
   * the rest: an element can be larger than what may be under way.
   */
  | { readonly kind: 'consumed'; readonly instructionId: string; readonly bytes: number }
  /** A ProcessBundleResponse, with whole monitoring infos: the main thread gives them short ids where the runner takes them. */
  | { readonly kind: 'done'; readonly instructionId: string; readonly response: Uint8Array }
  /** The bundle failed: the text for InstructionResponse.error. */
  | { readonly kind: 'failed'; readonly instructionId: string; readonly error: string }
  /**
   * The answer to 'progress', 'split', 'finalize' or 'sample': the response proto's bytes (monitoring infos whole), or
   * why there is none.
   */
  | { readonly kind: 'answer'; readonly token: number; readonly response: Uint8Array }
  | { readonly kind: 'refused'; readonly token: number; readonly error: string }
  /** A StateRequest, with its instruction id; the main thread gives it an id. The answer comes through the StateChannel. */
  | { readonly kind: 'state'; readonly token: number; readonly request: Uint8Array }
  | {
      readonly kind: 'log';
      readonly severity: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly instructionId?: string;
      readonly transformId?: string;
    }
  | { readonly kind: 'closed' };
