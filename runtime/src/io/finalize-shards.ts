import type { DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import { errorCode, FileError, fileError } from './file-error.ts';
import type { FileSystem } from './file-system.ts';
import { fileSystemOf, type FileSystems } from './file-systems.ts';
import { shownFile } from './input-files.ts';
import { inFolder, isShardName, isTemporaryName, shardPath, type ShardTarget } from './shard-name.ts';
import type { WrittenShard } from './write-shard.ts';

/**
 * Gives all shards of one write their final names, and emits these in order.
 *
 * Then it removes what earlier writes to the same prefix left there: shards of another count, and temporary files of
 * runs that were killed. If a shard cannot be renamed, those that were are removed as well.
 */
export class FinalizeShards implements DoFn<KV<number, Iterable<WrittenShard>>, string> {
  readonly name = 'FinalizeShards';
  readonly target: ShardTarget;
  readonly count: number;
  readonly fileSystems: FileSystems;

  constructor(options: {
    readonly target: ShardTarget;
    readonly count: number;
    readonly fileSystems: FileSystems;
  }) {
    this.fileSystems = options.fileSystems;
    this.target = options.target;
    this.count = options.count;
  }

  async process({ value }: KV<number, Iterable<WrittenShard>>): Promise<string[]> {
    const shards = [...value].sort((a, b) => a.shard - b.shard);
    const done: string[] = [];
    const fileSystem = fileSystemOf(this.target.folder, this.fileSystems);
    try {
      for (const { shard, temporary } of shards) {
        const final = shardPath(this.target, shard, this.count);
        await renameShard(fileSystem, { temporary, final });
        done.push(final);
      }
    } catch (error) {
      const left = [...done, ...shards.map(({ temporary }) => temporary)];
      await Promise.all(left.map((file) => fileSystem.remove(file)));
      throw error;
    }
    await this.#removeLeftovers(fileSystem, new Set(done));
    return done;
  }

  async #removeLeftovers(fileSystem: FileSystem, written: ReadonlySet<string>): Promise<void> {
    const { target } = this;
    for (const name of await fileSystem.list(target.folder)) {
      const file = inFolder(target.folder, name);
      if (isTemporaryName(target, name) || (isShardName(target, name) && !written.has(file))) {
        await fileSystem.remove(file);
      }
    }
  }
}

/** Gives a file that is written whole its name. */
export async function renameShard(
  fileSystem: FileSystem,
  { temporary, final }: { readonly temporary: string; readonly final: string },
): Promise<void> {
  try {
    await fileSystem.rename(temporary, final);
  } catch (error) {
    if (errorCode(error) === 'EISDIR') {
      throw new FileError(
        `Cannot write "${shownFile(final)}" as its name must be free: received a folder there`,
        {
          hint: 'Remove the folder, or write to another prefix',
          cause: error,
        },
      );
    }
    if (errorCode(error) !== 'ENOENT') throw fileError('write', shownFile(final), error);
    throw new FileError(
      `Cannot write "${shownFile(final)}" as nobody else may write to the same prefix: received no temporary file`,
      {
        hint: 'Another write to this prefix ran at the same time: give one of them another prefix',
        cause: error,
      },
    );
  }
}
