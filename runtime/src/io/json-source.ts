import type { BoundedSource, Emit } from '../model/bounded-source.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import type { RowSchema } from '../schemas/schema.ts';
import type { CompressionOption } from './compression.ts';
import { FileError } from './file-error.ts';
import type { FileSystems } from './file-systems.ts';
import { fileShards, filesFingerprint, readFileChunks, type FileShard } from './input-files.ts';
import { rowFromJson } from './json-values.ts';
import { LineSplitter } from './line-splitter.ts';
import { rowOfFile, shortened } from './row-check-of-file.ts';

/** What a JsonSource reads. */
export interface JsonSourceOptions<R> {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;
  readonly lines: boolean;
  readonly schema: RowSchema<R> | undefined;
}

type ReadOptions<R> = Parameters<BoundedSource<R, FileShard>['read']>[1];

/** The values of JSON files, one a line or in one array: what `readFromJson` reads. */
export class JsonSource<R> implements BoundedSource<R, FileShard> {
  readonly patterns: readonly string[];
  readonly compression: CompressionOption;
  readonly fileSystems: FileSystems;
  readonly lines: boolean;
  readonly schema: RowSchema<R> | undefined;

  constructor(options: JsonSourceOptions<R>) {
    this.patterns = options.patterns;
    this.compression = options.compression;
    this.fileSystems = options.fileSystems;
    this.lines = options.lines;
    this.schema = options.schema;
  }

  shards(): Promise<readonly FileShard[]> {
    return fileShards(this);
  }

  read(shard: FileShard, options: ReadOptions<R>): Promise<void> {
    return this.lines ? this.#readLines(shard, options) : this.#readArray(shard, options);
  }

  fingerprint(): Promise<string> {
    return filesFingerprint(this, ['json', this.lines, this.schema?.schema]);
  }

  async #readLines(shard: FileShard, { emit, signal, reportBytes }: ReadOptions<R>): Promise<void> {
    const file = shard.description;
    let count = 0;
    const emitLine: Emit<string> = (line) => {
      count += 1;
      if (line.trim() === '') return undefined;
      const where = () => `line ${count} of "${file}"`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (error) {
        throw new FileError(
          `Cannot read ${where()} as it must be JSON: ${(error as Error).message}: ${shortened(line)}`,
          {
            hint: 'If the file is one JSON array, read it with { lines: false }',
            cause: error,
          },
        );
      }
      return emit(
        this.#rowOf(value, where, () => line),
        MIN_TIMESTAMP,
      );
    };
    const splitter = new LineSplitter({ file, emit: emitLine, signal, skip: 0, invalidUtf8: 'refuse' });
    await readFileChunks(shard, { files: this, signal, reportBytes, take: (chunk) => splitter.push(chunk) });
    await splitter.end();
  }

  async #readArray(shard: FileShard, { emit, signal, reportBytes }: ReadOptions<R>): Promise<void> {
    const { JSONParser } = await import('@streamparser/json');
    const file = shard.description;
    const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
    let values: unknown[] = [];
    let [count, failure] = [0, undefined as Error | undefined];
    let isFirst = true;
    parser.onValue = ({ value }) => void values.push(value);
    parser.onError = (error) => {
      failure ??= error;
    };
    const take = async (work: () => void) => {
      try {
        work();
      } catch (error) {
        failure ??= error as Error; // the parser throws Errors alone
      }
      const parsed = values;
      values = [];
      for (const value of parsed) {
        count += 1;
        const where = () => `element ${count} of "${file}"`;
        const wait = emit(
          this.#rowOf(value, where, () => JSON.stringify(value)),
          MIN_TIMESTAMP,
        );
        if (wait !== undefined) await wait;
        if (signal.aborted) throw signal.reason;
      }
      if (failure === undefined) return;
      throw new FileError(
        `Cannot read element ${count + 1} of "${file}" as it must be a JSON array: ${failure.message}`,
        {
          hint: 'If the file has a JSON value on each line, read it with { lines: true }',
          cause: failure,
        },
      );
    };
    await readFileChunks(shard, {
      files: this,
      signal,
      reportBytes,
      take: (chunk) =>
        take(() => {
          const start = chunk.toString('latin1', 0, 16).replace(/^ï»¿/, '').trimStart();
          if (isFirst && start !== '' && !start.startsWith('['))
            throw new SyntaxError(`received ${JSON.stringify(start)}`);
          isFirst &&= start === '';
          parser.write(chunk);
        }),
    });
    await take(() => {
      if (!parser.isEnded) parser.end();
    });
  }

  #rowOf(value: unknown, where: () => string, text: () => string): R {
    const { schema } = this;
    if (schema === undefined) return value as R; // whatever the file has
    return rowOfFile(rowFromJson(value, schema.schema), schema, { where, text });
  }
}
