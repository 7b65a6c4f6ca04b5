/** What the files of one format are made of; data that ships. */
export interface ShardFormat<R = unknown> {
  /** The content of one file, of its records. */
  chunks(records: Iterable<R>): Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
}

/** Characters that are written at a time. */
const CHUNK_LENGTH = 256 * 1024;

/** Records that are texts, with something between and around them. */
export class LineFormat implements ShardFormat<string> {
  /** Before and after all: whole, with the lines' ends. */
  readonly before: string;
  readonly after: string;
  /** After each but the last; and after the last. */
  readonly between: string;
  readonly end: string;

  constructor({
    before = '',
    after = '',
    between = '\n',
    end = between,
  }: {
    readonly before?: string;
    readonly after?: string;
    readonly between?: string;
    readonly end?: string;
  }) {
    this.before = before;
    this.after = after;
    this.between = between;
    this.end = end;
  }

  *chunks(lines: Iterable<string>): Generator<string, void, void> {
    let chunk = this.before;
    let isFirst = true;
    for (const line of lines) {
      chunk += isFirst ? line : this.between + line;
      isFirst = false;
      if (chunk.length < CHUNK_LENGTH) continue;
      yield chunk;
      chunk = '';
    }
    if (!isFirst) chunk += this.end;
    chunk += this.after;
    if (chunk !== '') yield chunk;
  }
}
