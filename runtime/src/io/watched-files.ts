import type { PollOptions } from '../model/unbounded-source.ts';
import type { MatchedFile } from './file-pattern.ts';
import { followFiles, isReadToEnd, type FileProgress, type KnownFiles } from './file-progress.ts';
import { followFile } from './follow-file.ts';

/** How far watched files were read: plain data. */
export interface WatchedFilesPosition extends KnownFiles {
  /** How often a file was cut or replaced, and read from its start again. */
  readonly restarts: number;
}

/** How watched files are read. */
export interface ReadWatchedOptions extends PollOptions<string> {
  readonly invalidUtf8: 'refuse' | 'replace';
}

/** Watched files during one poll: each is read as far as it goes, in the order of matching, up to the limit. */
export class WatchedFiles {
  readonly #files: readonly MatchedFile[];
  /** By path, in the order of matching. */
  readonly #progress: Map<string, FileProgress>;
  readonly #gone: FileProgress[];
  #restarts: number;
  #emitted = 0;
  #hasNew = false;

  constructor(matched: readonly MatchedFile[], position: WatchedFilesPosition) {
    const { files, gone, replaced } = followFiles(matched, position);
    this.#files = matched;
    this.#progress = new Map(files.map(({ file, progress }) => [file.path, progress]));
    this.#gone = [...gone];
    this.#restarts = position.restarts + replaced;
  }

  /** Something was written since the last poll. */
  get hasNew(): boolean {
    return this.#hasNew;
  }

  position(): WatchedFilesPosition {
    return {
      files: Object.fromEntries(this.#progress),
      gone: this.#gone,
      restarts: this.#restarts,
    };
  }

  /**
   * Reads the lines that were written since the last poll.
   *
   * @returns true if all files were read to their ends, and false if the limit came first.
   */
  readNew(options: ReadWatchedOptions): Promise<boolean> {
    return this.#read(options, { isFinished: false, isWanted: (file, known) => !isReadToEnd(file, known) });
  }

  /** Reads what is left without a line's end, as nothing more will be written. @returns as readNew does. */
  readLastLines(options: ReadWatchedOptions): Promise<boolean> {
    const isWanted = (_: MatchedFile, { offset, seen }: FileProgress) => (seen?.size ?? 0) > offset;
    return this.#read(options, { isFinished: true, isWanted });
  }

  async #read(
    options: ReadWatchedOptions,
    {
      isFinished,
      isWanted,
    }: {
      readonly isFinished: boolean;
      readonly isWanted: (file: MatchedFile, known: FileProgress) => boolean;
    },
  ): Promise<boolean> {
    for (const file of this.#files) {
      const known = this.#progress.get(file.path);
      if (known === undefined || !isWanted(file, known)) continue;
      const limit = options.limit - this.#emitted;
      if (limit === 0) return false;
      const followed = await followFile(file, known, { ...options, limit, isFinished });
      if (followed === undefined) {
        this.#progress.delete(file.path);
        this.#gone.push(known);
        continue;
      }
      this.#emitted += followed.emitted;
      this.#hasNew ||= followed.emitted > 0 || file.size !== known.seen?.size;
      if (followed.isRestarted) this.#restarts += 1;
      this.#progress.set(file.path, followed.progress);
      if (followed.progress.seen === undefined) return false;
    }
    return true;
  }
}
