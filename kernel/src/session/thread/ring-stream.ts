import { Writable } from 'node:stream';
import type { RingWriter } from '../output-ring.ts';

/**
 * Puts `stream` in the place of `process.stdout` or `process.stderr`.
 *
 * What was written to the one before, a warning of Node's say, is still on its way to the main thread, whose answer
 * Node hands to a method of whatever stands there now; it goes on to the one that it is meant for.
 */
export function replaceStandardStream(name: 'stdout' | 'stderr', stream: Writable): void {
  const before = process[name];
  const internals = Object.getOwnPropertySymbols(Object.getPrototypeOf(before));
  for (const symbol of internals) {
    const method: unknown = Reflect.get(before, symbol);
    if (typeof method === 'function') Object.defineProperty(stream, symbol, { value: method.bind(before) });
  }
  Object.defineProperty(process, name, { get: () => stream, configurable: true });
}

type Callback = (error?: Error | null) => void;

/** `process.stdout` or `process.stderr` of the cells: what is written is in the ring when `write` returns. */
export class RingStream extends Writable {
  readonly fd: number;
  readonly #ring: RingWriter;
  readonly #name: 'stdout' | 'stderr';

  constructor(ring: RingWriter, name: 'stdout' | 'stderr') {
    super({ decodeStrings: false });
    this.fd = name === 'stdout' ? 1 : 2;
    this.#ring = ring;
    this.#name = name;
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const encoding = typeof rest[0] === 'string' ? rest[0] : undefined;
    if (typeof chunk === 'string') {
      const isText = encoding === undefined || /^utf-?8$/i.test(encoding);
      // Node's own streams refuse an unknown encoding in the same way.
      this.#ring.write(this.#name, isText ? chunk : Buffer.from(chunk, encoding as BufferEncoding));
    } else if (ArrayBuffer.isView(chunk)) {
      this.#ring.write(this.#name, new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    } else {
      throw new TypeError(
        `Cannot write to ${this.#name} as it takes a string or bytes: received ${chunk === null ? 'null' : typeof chunk}`,
      );
    }
    const callback = rest.find((argument) => typeof argument === 'function') as Callback | undefined; // Node's contract
    if (callback !== undefined) process.nextTick(callback, null);
    return true;
  }

  /** Standard streams are never closed: later cells write to them too. */
  override end(...rest: unknown[]): this {
    const [chunk] = rest;
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.write(chunk, rest[1]);
    const callback = rest.find((argument) => typeof argument === 'function') as Callback | undefined; // Node's contract
    if (callback !== undefined) process.nextTick(callback);
    return this;
  }

  override destroy(): this {
    return this;
  }
}

/**
 * What a Console writes to: the stream that `name` stands for on `process` at that moment, so that a program can
 * catch what is printed by replacing its `write`.
 *
 * Console gives each write a callback, which would stay in a queue until the cell pauses: a cell that prints for ever
 * would run out of memory. So it gets none.
 */
export class ConsoleStream extends Writable {
  readonly #name: 'stdout' | 'stderr';

  constructor(name: 'stdout' | 'stderr') {
    super({ decodeStrings: false });
    this.#name = name;
  }

  override write(chunk: unknown): boolean {
    // Console writes strings.
    return process[this.#name].write(chunk as string);
  }
}
