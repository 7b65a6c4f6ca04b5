import type { OffsetRange } from './offset-range.ts';
import type { Timestamp } from './timestamp.ts';

/** A part of a source that is read alone, as one bundle. */
export interface SourceShard {
  /** For progress and errors: "chapter-01.txt". */
  readonly description: string;
  /** Size, for progress; undefined when it is not known. */
  readonly bytes?: number | undefined;
}

/** Takes one element of a source; a promise asks the source to wait for it before it emits more. */
export type Emit<T> = (value: T, timestamp: Timestamp) => void | Promise<void>;

/** A source that ends, described by data: it opens nothing until it is asked. */
export interface BoundedSource<T, S extends SourceShard = SourceShard> {
  /**
   * What is there to read now, in a stable order.
   *
   * @throws {PipelineError} when there is nothing to read, or it cannot be read.
   */
  shards(): Promise<readonly S[]>;
  /**
   * Reads one shard to its end.
   *
   * `reportBytes` says how far it is, for progress. Rejects with `signal.reason` once aborted.
   */
  read(
    shard: S,
    options: {
      readonly emit: Emit<T>;
      readonly signal: AbortSignal;
      readonly reportBytes?: (bytes: number) => void;
    },
  ): Promise<void>;
  /**
   * Of a source whose shards can be cut: the positions of a shard, such as its bytes; undefined for one that is read whole.
   *
   * Runners then give parts of a shard to many workers, and cut them further while they are read.
   */
  positionsOf?(shard: S): OffsetRange | undefined;
  /**
   * Reads the elements that begin at `start` or after it, in lots; an element is given once its position was claimed, and
   * none after a claim that was refused. All of them have the earliest timestamp.
   */
  readFrom?(
    shard: S,
    options: {
      readonly start: number;
      readonly claim: (position: number) => boolean;
      readonly signal: AbortSignal;
    },
  ): AsyncIterable<readonly T[]>;
  /** Changes whenever a read could give other elements; part of the cache key. */
  fingerprint(): Promise<string>;
}
