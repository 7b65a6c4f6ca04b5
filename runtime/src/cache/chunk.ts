import { NO_FIRING, type PaneInfo } from '../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { ValueDecoder } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';

/** A chunk is closed at so many bytes and characters, or elements: a page of rows decodes few others with it. */
const CHUNK_SIZE = 64 * 1024;
const CHUNK_COUNT = 8192;

/** What a chunk's bytes begin with, after its own length (4 bytes): JSON. The values' bytes, text and meta follow. */
interface ChunkHeader {
  readonly count: number;
  readonly shapes: readonly (readonly string[])[];
  readonly hasReferences: boolean;
  /** Bytes of the values and of the text. */
  readonly bytes: number;
  readonly textBytes: number;
  /** Absent when all elements are in the global window, at the earliest timestamp, with no firing. */
  readonly settings?: readonly Setting[];
}

/** The windows and pane of some elements. The meta has for each element its timestamp (8 bytes) and which setting (4). */
interface Setting {
  readonly windows: readonly BoundedWindow[];
  readonly pane: PaneInfo;
}

/** Collects elements, and gives them as the bytes of a chunk. */
export class ChunkEncoder {
  readonly #values = new ValueEncoder();
  #count = 0;
  /** From the first element that is not as `create` makes them; those before it are. */
  #timestamps: number[] | undefined;
  #settingIds: number[] = [];
  #settings: Setting[] = [];
  readonly #settingNames = new Map<string, number>();

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= CHUNK_COUNT || this.#values.size >= CHUNK_SIZE;
  }

  /** @throws {Unfaithful} if the value cannot be stored; this encoder is of no use then. */
  add(...[value, timestamp, windows, pane]: Parameters<Receiver>): void {
    this.#values.add(value);
    if (
      this.#timestamps !== undefined ||
      timestamp !== MIN_TIMESTAMP ||
      windows !== GLOBAL_WINDOWS ||
      pane !== NO_FIRING
    ) {
      this.#addMeta(timestamp, { windows, pane });
    }
    this.#count++;
  }

  /** The elements since the last take, as a chunk. */
  take(): Buffer {
    const values = this.#values.take();
    const timestamps = this.#timestamps;
    const header: ChunkHeader = {
      count: this.#count,
      shapes: values.shapes,
      hasReferences: values.hasReferences,
      bytes: values.bytes.length,
      textBytes: values.text.length,
      ...(timestamps && { settings: this.#settings }),
    };
    const head = Buffer.from(JSON.stringify(header));
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(head.length);
    const parts = [length, head, values.bytes, values.text];
    if (timestamps !== undefined) {
      parts.push(Buffer.from(Float64Array.from(timestamps).buffer));
      parts.push(Buffer.from(Uint32Array.from(this.#settingIds).buffer));
    }
    const chunk = Buffer.concat(parts);
    this.#count = 0;
    this.#timestamps = undefined;
    this.#settingIds = [];
    this.#settings = [];
    this.#settingNames.clear();
    return chunk;
  }

  #addMeta(timestamp: number, setting: Setting): void {
    if (this.#timestamps === undefined) {
      this.#timestamps = new Array<number>(this.#count).fill(MIN_TIMESTAMP);
      if (this.#count > 0) {
        this.#settingIds = new Array<number>(this.#count).fill(
          this.#settingId({ windows: GLOBAL_WINDOWS, pane: NO_FIRING }),
        );
      }
    }
    this.#timestamps.push(timestamp);
    this.#settingIds.push(this.#settingId(setting));
  }

  #settingId(setting: Setting): number {
    const last = this.#settings.at(-1);
    if (last?.windows === setting.windows && last.pane === setting.pane) {
      return this.#settings.length - 1;
    }
    const name = JSON.stringify(setting);
    const known = this.#settingNames.get(name);
    if (known !== undefined) return known;
    const id = this.#settings.push(setting) - 1;
    this.#settingNames.set(name, id);
    return id;
  }
}

/**
 * Gives the elements of a chunk in order, from the one numbered `from`; waits where `receiver` asks for it.
 *
 * Each call makes new objects: what a user changes in one is not seen by the next reader.
 */
export async function decodeChunk(
  chunk: Buffer,
  receiver: Receiver,
  { from, to, signal }: { readonly from: number; readonly to: number; readonly signal: AbortSignal },
): Promise<void> {
  const start = 4 + chunk.readUInt32LE();
  // What a ChunkEncoder wrote: the checksum holds.
  const header = JSON.parse(chunk.toString('utf8', 4, start)) as ChunkHeader;
  const textAt = start + header.bytes;
  const metaAt = textAt + header.textBytes;
  const { shapes, hasReferences } = header;
  const text = chunk.subarray(textAt, metaAt);
  const values = new ValueDecoder({ bytes: chunk.subarray(start, textAt), text, shapes, hasReferences });
  const settings = header.settings?.map(shared);
  const end = Math.min(to, header.count);
  for (let index = 0; index < end; index++) {
    const value = values.next();
    if (index < from) continue;
    let wait: void | Promise<void>;
    if (settings === undefined) {
      wait = receiver(value, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
    } else {
      const setting = settings[chunk.readUInt32LE(metaAt + header.count * 8 + index * 4)];
      if (setting === undefined)
        throw new RangeError('Cannot decode an element as it must have a window: received none');
      wait = receiver(value, chunk.readDoubleLE(metaAt + index * 8), setting.windows, setting.pane);
    }
    if (wait !== undefined) await wait;
    if (signal.aborted) throw signal.reason;
  }
}

/** Operators compare windows and panes by identity first. */
function shared({ windows, pane }: Setting): Setting {
  const isGlobal = windows.length === 1 && windows[0]?.kind === 'global';
  const isUnfired = JSON.stringify(pane) === JSON.stringify(NO_FIRING);
  return {
    windows: isGlobal ? GLOBAL_WINDOWS : Object.freeze(windows.map((window) => Object.freeze(window))),
    pane: isUnfired ? NO_FIRING : Object.freeze(pane),
  };
}
