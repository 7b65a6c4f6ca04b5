import type { PrimitiveSpec } from '../../model/applied-ptransform.ts';
import type { BoundedSource } from '../../model/bounded-source.ts';
import { NO_FIRING } from '../../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../../model/window.ts';
import { readSourceShard, shardsOf } from '../read-source.ts';
import type { InputReceiver, ReadProgress } from './bundle-source.ts';

/** What reading a root needs. */
export interface ReadRootOptions {
  /** Full name of the root, for errors. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly progress: ReadProgress;
}

/** Reads all of a bounded root. */
export async function readRoot(
  spec: PrimitiveSpec | undefined,
  to: InputReceiver,
  options: ReadRootOptions,
): Promise<void> {
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
    case 'reshuffle':
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
  { name, signal, progress }: ReadRootOptions,
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
