import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';

import { DiskEntry, infoOf, type CacheEntry, type CacheEntryInfo } from './cache-entry.ts';
import { DiskWriter, type CacheWriter } from './cache-writer.ts';
import { entryFileName, openEntry, type Manifest, type OpenEntry } from './entry-file.ts';
import { DamagedEntryError } from './errors.ts';
import { evict, storedFiles } from './evict.ts';
import { removeStale, temporaryName } from '../engine/memory/temporary-files.ts';

export type { CacheEntry, CacheEntryInfo } from './cache-entry.ts';
export type { CacheWriter, CommitMeta } from './cache-writer.ts';

/** What a CacheManager needs. */
export interface CacheManagerOptions {
  /** Made when it is first written to. Several processes may share it. */
  readonly directory: string;
  /** Bytes that all entries together may take. */
  readonly sizeLimit: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Unique in this process: part of a temporary file's name. */
  readonly unique?: () => string;
  /** Told what went wrong without changing an answer, as a sentence without its full stop. */
  readonly onNotice?: (notice: string) => void;
}

/** Other processes write as well, so the size is counted anew after so many commits. */
const RECOUNT_COMMITS = 64;

/**
 * Materialised PCollections by fingerprint, on disk.
 *
 * - Layout: `entries/`, one file for each fingerprint (entry-file.ts), and `temporary/` for those being written.
 * - What a kill leaves is a whole entry or none, and a temporary file that the next process removes.
 * - A file's time of change is its last use: lookup sets it, eviction removes the least recently used.
 * - Two writers of one fingerprint do not disturb each other: the last one to commit stays.
 * - Errors of the disk never reach a computation: lookup finds nothing, a writer turns uncacheable, and a notice says so.
 */
export class CacheManager {
  readonly #entries: string;
  readonly #temporary: string;
  readonly #sizeLimit: number;
  readonly #now: () => number;
  readonly #unique: () => string;
  readonly #notice: (notice: string) => void;
  #isReady = false;
  /** Bytes of all entries as far as is known; undefined until they were counted. */
  #bytes: number | undefined;
  #commits = 0;
  /** Kinds of refusals of the disk that were said already. */
  readonly #said = new Set<string>();

  constructor(options: CacheManagerOptions) {
    this.#entries = path.join(options.directory, 'entries');
    this.#temporary = path.join(options.directory, 'temporary');
    this.#sizeLimit = options.sizeLimit;
    this.#now = options.now ?? Date.now;
    this.#unique = options.unique ?? randomUUID;
    this.#notice = options.onNotice ?? (() => undefined);
  }

  /** The entry of a fingerprint, marked as used; undefined if there is none that can be read. */
  lookup(fingerprint: string): Promise<CacheEntry | undefined> {
    const file = path.join(this.#entries, entryFileName(fingerprint));
    const opened = this.#open(file);
    if (opened === undefined) return Promise.resolve(undefined);
    closeSync(opened.descriptor);
    if (opened.manifest.fingerprint !== fingerprint) return Promise.resolve(undefined);
    const lastUsedAt = this.#now();
    try {
      utimesSync(file, lastUsedAt / 1000, lastUsedAt / 1000);
    } catch {
      // Evicted just now, or a read-only cache: reading will tell, or needs no mark.
    }
    const info = infoOf(opened.manifest, { size: opened.stats.size, mtimeMs: lastUsedAt });
    return Promise.resolve(this.#entry(file, info));
  }

  /** A writer for a fingerprint; abort or commit it. If the directory cannot be made it is uncacheable from the start. */
  create(fingerprint: string): Promise<CacheWriter> {
    const unusable = this.#prepare();
    const final = path.join(this.#entries, entryFileName(fingerprint));
    return Promise.resolve(
      new DiskWriter({
        fingerprint,
        final,
        temporary: path.join(this.#temporary, temporaryName(this.#unique())),
        sizeLimit: this.#sizeLimit,
        now: this.#now,
        unusable,
        onDiskError: (error) => {
          this.#isReady = false; // the directory may be gone: make it again for the next writer
          this.#refused(error);
        },
        onCommit: (manifest, bytes) => this.#committed(final, manifest, bytes),
      }),
    );
  }

  /** All entries that can be read, the last used first. */
  list(): Promise<readonly CacheEntryInfo[]> {
    const infos: CacheEntryInfo[] = [];
    for (const { path: file, usedAt } of this.#stored()) {
      const opened = this.#open(file);
      if (opened === undefined) continue;
      closeSync(opened.descriptor);
      infos.push(infoOf(opened.manifest, { size: opened.stats.size, mtimeMs: usedAt }));
    }
    return Promise.resolve(infos.sort((a, b) => b.lastUsedAt - a.lastUsedAt));
  }

  /** Removes all entries. What is being written meanwhile is not touched. */
  clear(): Promise<void> {
    for (const { path: file } of this.#stored()) rmSync(file, { force: true });
    this.#bytes = undefined;
    return Promise.resolve();
  }

  #stored() {
    try {
      return storedFiles(this.#entries);
    } catch {
      return []; // nothing was ever written
    }
  }

  /** Undefined if there is none, or it is damaged: then it is removed. */
  #open(file: string): OpenEntry | undefined {
    try {
      return openEntry(file);
    } catch (error) {
      this.#remove(file, `A damaged cache entry was removed, and is computed again: ${messageOf(error)}`);
      return undefined;
    }
  }

  #entry(file: string, info: CacheEntryInfo): CacheEntry {
    const damaged = (reason: unknown) => {
      const why = messageOf(reason);
      this.#remove(file, `The cache entry of "${info.name}" was removed, and is computed again: ${why}`);
      return new DamagedEntryError(info.fingerprint, why);
    };
    return new DiskEntry({ path: file, info, damaged });
  }

  #remove(file: string, notice: string): void {
    this.#notice(notice);
    try {
      rmSync(file, { force: true, recursive: true }); // whatever has its name
    } catch {
      // A read-only cache: the entry stays, and is found damaged each time.
    }
  }

  /** Makes the directories, and removes what processes that are gone have left; says why if it cannot. */
  #prepare(): string | undefined {
    if (this.#isReady) return undefined;
    try {
      mkdirSync(this.#entries, { recursive: true });
      mkdirSync(this.#temporary, { recursive: true });
      removeStale(this.#temporary, this.#now());
      this.#isReady = true;
      return undefined;
    } catch (error) {
      this.#refused(error);
      return `the cache's directory could not be made (${messageOf(error)})`;
    }
  }

  /** Says it once for each kind of refusal, until something can be stored again. */
  #refused(error: unknown): void {
    const kind = String((error as { readonly code?: unknown } | undefined)?.code);
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.#notice(`Results are not cached, as the disk refused: ${messageOf(error)}`);
  }

  #committed(file: string, manifest: Manifest, size: number): CacheEntry {
    const now = this.#now();
    this.#said.clear();
    this.#commits++;
    try {
      utimesSync(file, now / 1000, now / 1000);
      if (this.#bytes !== undefined) this.#bytes += size;
      if (
        this.#bytes === undefined ||
        this.#bytes > this.#sizeLimit ||
        this.#commits % RECOUNT_COMMITS === 0
      ) {
        this.#bytes = evict(this.#entries, { limit: this.#sizeLimit, now, keep: file });
      }
    } catch (error) {
      this.#notice(`Old cache entries could not be removed: ${messageOf(error)}`);
    }
    return this.#entry(file, infoOf(manifest, { size, mtimeMs: now }));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
