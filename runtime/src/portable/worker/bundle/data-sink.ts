import { OutputBytes } from '../../../coders/output-bytes.ts';
import type { WindowedCoder } from '../../../coders/windowed-value.ts';
import { PipelineError } from '../../../errors.ts';
import type { Receiver } from '../../../model/windowed-value.ts';

/** A message of output is sent when it is as long as this: between the 32 KB and the 1 MB that gRPC likes. */
const MESSAGE_BYTES = 256 * 1024;

/** Encodes the elements of one PCollection for the runner. */
export class DataSink {
  readonly transformId: string;
  readonly receive: Receiver;
  readonly #out = new OutputBytes(32 * 1024);

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
      return out.length < MESSAGE_BYTES ? undefined : send(out.take());
    };
  }

  /** What was not sent yet. */
  take(): Uint8Array<ArrayBuffer> {
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
