import { OutputBytes } from '../../../coders/output-bytes.ts';
import type { WindowedCoder } from '../../../coders/windowed-value.ts';
import { PipelineError } from '../../../errors.ts';
import type { Receiver } from '../../../model/windowed-value.ts';

/** The first messages of a bundle's output are as long as this: between the 32 KB and the 1 MB that gRPC likes. */
const MESSAGE_BYTES = 256 * 1024;
/** After so many messages they become twice as long, and so on. */
const MESSAGES_OF_A_LENGTH = 8;
/** gRPC takes messages of less than 2 GB. */
const MOST_MESSAGE_BYTES = 512 * 1024 * 1024;

/**
 * Encodes the elements of one PCollection for the runner.
 *
 * Messages grow with the output of a bundle: Beam's Java runners (BeamFnDataInboundObserver, SdkHarnessClient 2.62)
 * queue 100 messages of a bundle, take none of them before the bundle has ended, and would wait for ever for the end of
 * one that makes more (apache/beam issue 38570). 100 of ours hold some 10 GB, and a message is at most a fourth of what was
 * sent before it, or what it began with.
 */
export class DataSink {
  readonly transformId: string;
  readonly receive: Receiver;
  readonly #out = new OutputBytes(32 * 1024);
  #sent = 0;
  #messageBytes = MESSAGE_BYTES;

  constructor(options: {
    readonly transformId: string;
    /** Full name of the step that makes the elements, for the error that refuses one. */
    readonly name: string;
    readonly coder: WindowedCoder;
    /** Takes a part of the bytes, for good; a promise asks to wait for it before more is made. */
    readonly send: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | undefined;
  }) {
    const { transformId, name, coder, send } = options;
    this.transformId = transformId;
    const out = this.#out;
    const valueCoder = coder.value;
    this.receive = (value, timestamp, windows, pane) => {
      const start = out.length;
      try {
        coder.encodeHeader(timestamp, windows, pane, out);
        valueCoder.encode(value, out);
      } catch (error) {
        out.truncate(start);
        throw named(error, name);
      }
      if (out.length < this.#messageBytes) return undefined;
      this.#sent += 1;
      if (this.#sent % MESSAGES_OF_A_LENGTH === 0) {
        this.#messageBytes = Math.min(this.#messageBytes * 2, MOST_MESSAGE_BYTES);
      }
      return send(out.take());
    };
  }

  /** What was not sent yet; ends the bundle. */
  take(): Uint8Array<ArrayBuffer> {
    this.#sent = 0;
    this.#messageBytes = MESSAGE_BYTES;
    return this.#out.take();
  }
}

/** A coder does not know which step's element it refuses. */
function named(error: unknown, name: string): unknown {
  if (!(error instanceof PipelineError) || error.transform !== undefined) return error;
  return new PipelineError(`${error.message}, from "${name}"`, {
    transform: name,
    hint: error.hint,
    cause: error.cause,
  });
}
