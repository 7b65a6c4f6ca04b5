import { CsvError, parse, type Parser } from 'csv-parse';

import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import type { RowSchema } from '../schemas/schema.ts';
import { cellValue } from './cell-text.ts';
import type { CompressionOption } from './compression.ts';
import { FileError } from './file-error.ts';
import type { FileSystems } from './file-systems.ts';
import { fileShards, filesFingerprint, readFileChunks, type FileShard } from './input-files.ts';
import { rowOfFile, shortened } from './row-check-of-file.ts';

/** What a CsvSource reads. */
export interface CsvSourceOptions<R> {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;
  readonly delimiter: string;
  readonly header: boolean | readonly string[];
  readonly schema: RowSchema<R> | undefined;
}

interface ParsedRecord {
  readonly record: readonly (string | null)[];
  readonly info: { readonly lines: number };
}

/** The rows of CSV files: what `readFromCsv` reads; a file is not split, as a line may be within quotes. */
export class CsvSource<R> implements BoundedSource<R, FileShard> {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;
  readonly options: CsvSourceOptions<R>;

  constructor(options: CsvSourceOptions<R>) {
    this.patterns = options.patterns;
    this.compression = options.compression;
    this.fileSystems = options.fileSystems;
    this.options = options;
  }

  shards(): Promise<readonly FileShard[]> {
    return fileShards(this);
  }

  async read(
    shard: FileShard,
    options: {
      readonly emit: Emit<R>;
      readonly signal: AbortSignal;
      readonly reportBytes?: (bytes: number) => void;
    },
  ): Promise<void> {
    const { delimiter, header, schema } = this.options;
    const file = shard.description;
    const isOneColumn = schema?.schema.fields.length === 1;
    const parser = parse({
      bom: true,
      delimiter,
      info: true,
      skip_empty_lines: !isOneColumn,
      // What is empty and not in quotes is no value.
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
    });
    parser.on('error', () => undefined); // read from `errored`, below
    let names = typeof header === 'object' ? header : undefined;
    if (header === false) names = schema?.schema.fields.map(({ name }) => name);
    let columns: Columns | undefined = names && columnsOf(names, schema, file);
    const take = async () => {
      if (parser.errored !== null) refuse(parser.errored, file);
      for (let parsed = next(parser); parsed !== null; parsed = next(parser)) {
        const { record, info } = parsed;
        if (columns === undefined) {
          columns = columnsOf(
            record.map((cell) => cell ?? ''),
            schema,
            file,
          );
          continue;
        }
        const wait = options.emit(this.#rowOf(record, { columns, lines: info.lines, file }), MIN_TIMESTAMP);
        if (wait !== undefined) await wait;
        if (options.signal.aborted) throw options.signal.reason;
      }
      const errored = parser.errored as Error | null; // set by what was parsed since
      if (errored !== null) refuse(errored, file);
    };
    try {
      await readFileChunks(shard, {
        files: this,
        signal: options.signal,
        reportBytes: options.reportBytes,
        take: (chunk) => {
          parser.write(Buffer.from(chunk));
          return take();
        },
      });
      parser.end();
      await take();
    } finally {
      parser.destroy();
    }
  }

  fingerprint(): Promise<string> {
    const { delimiter, header, schema } = this.options;
    return filesFingerprint(this, ['csv', delimiter, header, schema?.schema]);
  }

  #rowOf(
    record: readonly (string | null)[],
    { columns, lines, file }: { readonly columns: Columns; readonly lines: number; readonly file: string },
  ): R {
    const { schema } = this.options;
    const where = () => `line ${lines} of "${file}"`;
    const text = () => record.map((cell) => cell ?? '').join(this.options.delimiter);
    if (record.length !== columns.count) {
      throw new FileError(
        `Cannot read ${where()} as it must have ${columns.count} fields: received ${record.length}: ${shortened(text())}`,
        { hint: 'Mend the line, or read the file by readFromText and parse lines in a flatMap' },
      );
    }
    if (schema === undefined) {
      // All columns are texts then.
      return Object.fromEntries(columns.names.map((name, at) => [name, record[at] ?? ''])) as R;
    }
    const row = Object.fromEntries(
      schema.schema.fields.map(({ name, type }) => {
        const cell = record[columns.places.get(name) ?? -1] ?? null;
        if (cell === null) return [name, type.kind === 'string' && !type.nullable ? '' : null];
        return [name, cellValue(cell, type)];
      }),
    );
    return rowOfFile(row, schema, { where, text });
  }
}

/** Which columns a file has. */
interface Columns {
  readonly names: readonly string[];
  readonly count: number;
  readonly places: ReadonlyMap<string, number>;
}

function columnsOf(names: readonly string[], schema: RowSchema<unknown> | undefined, file: string): Columns {
  const places = new Map(names.map((name, at) => [name, at]));
  const missing = schema?.schema.fields.find(({ name }) => !places.has(name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (missing !== undefined || twice !== undefined) {
    throw new FileError(
      `Cannot read "${file}" as its header must have ${missing === undefined ? 'each name once' : `the field "${missing.name}"`}: received ${shortened(names.join(', '))}`,
      { hint: 'Check the delimiter; { header: ["name", …] } names the columns of a file without a header' },
    );
  }
  return { names, count: names.length, places };
}

function next(parser: Parser): ParsedRecord | null {
  return parser.read() as ParsedRecord | null; // `info: true` gives these
}

/** What csv-parse says, with the file and the text. */
function refuse(error: Error, file: string): never {
  if (!(error instanceof CsvError)) throw error;
  const { lines, record } = error as CsvError & {
    readonly lines?: number;
    readonly record?: readonly unknown[];
  };
  const text = Array.isArray(record) ? `: ${shortened(record.map(String).join(','))}` : '';
  throw new FileError(
    `Cannot read line ${lines ?? '?'} of "${file}" as it must be CSV: ${error.message}${text}`,
    { hint: 'Mend the line, or read the file by readFromText and parse lines in a flatMap', cause: error },
  );
}
