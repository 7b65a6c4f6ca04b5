import { MAX_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { Polled, PollOptions, UnboundedSource } from '../model/unbounded-source.ts';
import { compressedSuffix } from './compression.ts';
import { FileError } from './file-error.ts';
import { matchFiles, type MatchedFile } from './file-pattern.ts';
import type { FileProgress } from './file-progress.ts';
import { readUpToNow } from './follow-file.ts';
import { shownPath } from './local-path.ts';
import { WatchedFiles, type WatchedFilesPosition } from './watched-files.ts';

/** Where a WatchedTextSource is. */
export interface WatchPosition extends WatchedFilesPosition {
  /** When something new was last seen: processing time, milliseconds since the epoch. */
  readonly newAt: Timestamp;
}

/** What a WatchedTextSource reads; the fields are those of WatchTextOptions, in milliseconds. */
export interface WatchedTextSourceOptions {
  readonly patterns: readonly string[];
  readonly pollIntervalMs: number;
  /** Infinity where it need not end. */
  readonly noNewForMs: number;
  readonly readFrom: 'start' | 'end';
  readonly invalidUtf8: 'refuse' | 'replace';
}

/** The lines of files that grow and come: what `watchText` reads. */
export class WatchedTextSource implements UnboundedSource<string, WatchPosition> {
  readonly patterns: readonly string[];
  readonly pollIntervalMs: number;
  readonly noNewForMs: number;
  readonly readFrom: WatchedTextSourceOptions['readFrom'];
  readonly invalidUtf8: WatchedTextSourceOptions['invalidUtf8'];

  constructor(options: WatchedTextSourceOptions) {
    this.patterns = options.patterns;
    this.pollIntervalMs = options.pollIntervalMs;
    this.noNewForMs = options.noNewForMs;
    this.readFrom = options.readFrom;
    this.invalidUtf8 = options.invalidUtf8;
  }

  /** One place for all files: they come and go. */
  async start(now: Timestamp): Promise<readonly WatchPosition[]> {
    const files: Record<string, FileProgress> = {};
    for (const file of this.readFrom === 'end' ? await this.#files() : []) {
      const progress = await readUpToNow(file);
      if (progress !== undefined) files[file.path] = progress;
    }
    return [{ files, gone: [], newAt: now, restarts: 0 }];
  }

  async poll(position: WatchPosition, options: PollOptions<string>): Promise<Polled<WatchPosition>> {
    const { now } = options;
    const files = new WatchedFiles(await this.#files(), position);
    const reading = { ...options, invalidUtf8: this.invalidUtf8 };
    let isDone = await files.readNew(reading);
    const newAt = files.hasNew ? now : position.newAt;
    if (isDone && now - newAt >= this.noNewForMs) {
      isDone = await files.readLastLines(reading);
      if (isDone) return { position: undefined, watermark: MAX_TIMESTAMP, resumeAt: now };
    }
    const resumeAt = isDone ? Math.min(now + this.pollIntervalMs, newAt + this.noNewForMs) : now;
    return { position: { ...files.position(), newAt }, watermark: now, resumeAt };
  }

  async #files(): Promise<readonly MatchedFile[]> {
    const files = await matchFiles(this.patterns, { mayBeMissing: true });
    for (const { path } of files) {
      const suffix = compressedSuffix(path);
      if (suffix === undefined) continue;
      throw new FileError(
        `Cannot watch "${shownPath(path)}" as text can be read while it is written only where it is not compressed: received ${suffix}`,
        { hint: 'Leave it out of the pattern; readFromText reads gzip files that are complete' },
      );
    }
    return files;
  }
}
