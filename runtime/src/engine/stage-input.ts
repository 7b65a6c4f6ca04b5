import type { Stage } from '../graph/plan.ts';
import type { BoundedSource } from '../model/bounded-source.ts';
import { NO_FIRING } from '../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { readSourceShard, shardsOf } from './read-source.ts';

/** What is known of how much is read, for progress. */
export interface ReadProgress {
  /** All bytes of the source; undefined when it does not say. */
  totalBytes?: number | undefined;
  bytes?: number | undefined;
}

/** Whom a stage's input is given to. */
export interface InputReceiver {
  readonly receive: Receiver;
  /** Ends the running bundle, if it has elements: what follows is a bundle of its own. */
  endBundle(): Promise<void>;
}

/** What a stage's input is read from. */
export interface InputOptions {
  /** The source of a stage whose input is a shuffle or an available PCollection. */
  readonly source: { read(receiver: Receiver, signal: AbortSignal): Promise<void> } | undefined;
  /** Full name of the root, for errors. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly progress: ReadProgress;
}

/** Reads all of a stage's input into `to`. */
export async function readStageInput(
  { input, head }: Stage,
  to: InputReceiver,
  options: InputOptions,
): Promise<void> {
  const { source, signal } = options;
  if (input.kind !== 'root') {
    if (source === undefined) {
      throw new RangeError(`Cannot run as the PCollection ${head.id} must have a source: received none`);
    }
    return source.read(to.receive, signal);
  }
  const { spec } = input.transform;
  switch (spec?.kind) {
    case 'create':
      for (const value of spec.elements) {
        const wait = to.receive(value, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
        if (wait !== undefined) await wait;
      }
      return;
    case 'createWindowed':
      for (const { value, timestamp, windows, pane } of spec.elements) {
        const wait = to.receive(value, timestamp, windows, pane);
        if (wait !== undefined) await wait;
      }
      return;
    case 'read':
      return readShards(spec.source, to, options);
    case 'flatten': // of nothing
      return;
    case 'readUnbounded':
    case 'testStream':
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'parDo':
    case 'assignTimestamps':
    case 'windowInto':
    case 'groupByKey':
    case 'combinePerKey':
    case undefined:
      throw new TypeError(
        `Cannot read "${options.name}" as a root must be a source: received ${spec?.kind ?? 'a composite'}`,
      );
  }
}

/** One shard after the other, each a bundle of its own. */
async function readShards(
  source: BoundedSource<unknown>,
  to: InputReceiver,
  { name, signal, progress }: InputOptions,
): Promise<void> {
  const shards = await shardsOf(source, name);
  const sizes = shards.map(({ bytes }) => bytes);
  if (sizes.every((bytes) => bytes !== undefined)) {
    progress.totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  }
  let done = 0;
  for (const shard of shards) {
    const reportBytes = (bytes: number) => {
      progress.bytes = done + bytes;
    };
    await readSourceShard(source, shard, { receive: to.receive, name, signal, reportBytes });
    await to.endBundle();
    done += shard.bytes ?? 0;
    if (progress.totalBytes !== undefined) progress.bytes = done;
  }
}
