import { EarlyStop } from '../executor/early-stop.ts';
import { PipelineError } from '../errors.ts';
import type { BoundedSource, Emit, SourceShard } from '../model/bounded-source.ts';
import { NO_FIRING } from '../model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';

/**
 * What a source has to read; an error that does not say what is wrong names the transform.
 *
 * @param name Full name of the read.
 */
export function shardsOf(source: BoundedSource<unknown>, name: string): Promise<readonly SourceShard[]> {
  return ofSource(name, () => source.shards());
}

/** Reads one shard into a receiver, in the global window; what the receiver throws comes out as it is. */
export async function readSourceShard(
  source: BoundedSource<unknown>,
  shard: SourceShard,
  options: {
    readonly receive: Receiver;
    /** Full name of the read. */
    readonly name: string;
    readonly signal: AbortSignal;
    readonly reportBytes?: (bytes: number) => void;
  },
): Promise<void> {
  const { receive, signal, reportBytes } = options;
  await toReceiver(receive, (emit) =>
    ofSource(options.name, () =>
      source.read(shard, { emit, signal, ...(reportBytes === undefined ? {} : { reportBytes }) }),
    ),
  );
}

/** Has a source emit to a receiver, in the global window; what the receiver throws comes out as it is. */
export async function toReceiver<R>(
  receive: Receiver,
  read: (emit: Emit<unknown>) => Promise<R>,
): Promise<R> {
  // What comes back out of `emit` is no failure of the source.
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): never => {
    failure ??= { error };
    throw error;
  };
  try {
    return await read((value, timestamp) => {
      try {
        return receive(value, timestamp, GLOBAL_WINDOWS, NO_FIRING)?.catch(fail);
      } catch (error) {
        return fail(error);
      }
    });
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
}

/** Names the transform when a source fails without saying what is wrong. */
export async function ofSource<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof PipelineError || cause instanceof EarlyStop)
      throw cause;
    if (cause.name === 'AbortError' || cause.name === 'InterruptedError') throw cause;
    throw new PipelineError(`Cannot read "${name}" as its source failed: ${cause.message}`, {
      transform: name,
      hint: 'See that what it reads is there and can be read',
      cause,
    });
  }
}
