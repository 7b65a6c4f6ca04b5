/** A file as a file system lists it. */
export interface FileMetadata {
  /** As its file system names it: an absolute path, or with the scheme, "mem://folder/file". */
  readonly path: string;
  /** In bytes, as stored. */
  readonly size: number;
  /** Changes whenever the content does: an etag, a time of change. It is part of what the cache goes by. */
  readonly version: string;
}

/**
 * Files of one scheme; `io.registerFileSystem('mem', fs)` makes paths like "mem://folder/file" go to it.
 *
 * All paths are whole, with their scheme. Functions and fields are shipped with a promoted pipeline, so they must be
 * what can be shipped: open connections when they are called, not before.
 */
export interface FileSystem {
  /** The files that a pattern names, sorted by path; none is no error. */
  match(pattern: string): Promise<readonly FileMetadata[]>;
  /** The bytes from `from` up to, and without, `to` (the file's end by default); a chunk is valid until the next. */
  read(path: string, range?: { readonly from?: number; readonly to?: number }): AsyncIterable<Uint8Array>;
  /** Writes a new file to its end, and rejects if it cannot, or once aborted; folders are made. */
  write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    options: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Names of the files in a folder, without it; none if there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Gives a file another name, at once, in place of what has it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; that none is there is no error. */
  remove(path: string): Promise<void>;
}
