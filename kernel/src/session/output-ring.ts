import { StringDecoder } from 'node:string_decoder';

/** What a frame carries: bytes of a stream, or JSON of anything else that is shown. */
export type FrameKind = 'stdout' | 'stderr' | 'json';

/** One frame as the reader sees it; consecutive frames of one stream are one. */
export interface Frame {
  readonly kind: FrameKind;
  readonly text: string;
}

const KINDS: readonly FrameKind[] = ['stdout', 'stderr', 'json'];
const HEADER = 8;
const CONTINUES = 1;

// Words of the control block.
const HEAD = 0;
const TAIL = 1;
const IS_READER_ASLEEP = 2;
const WORDS = 4;

/** Memory that the worker writes outputs to and the main thread reads them from. */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}

/** Makes a ring of `capacity` bytes, a power of two: that much output can be under way, no more. */
export function createRingMemory(capacity = 1 << 18): RingMemory {
  if (capacity < 64 || (capacity & (capacity - 1)) !== 0) {
    throw new RangeError(
      `Cannot make a ring as its capacity must be a power of two of at least 64: received ${capacity}`,
    );
  }
  return {
    control: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT),
    data: new SharedArrayBuffer(capacity),
  };
}

/**
 * The worker's end. What was written can be read at once, also while the worker is in an endless loop, and also after it
 * has died; when the ring is full, the writer blocks until there is room (back-pressure).
 *
 * A frame is published by one store of HEAD, so a writer that is killed half-way leaves nothing behind.
 */
export class RingWriter {
  readonly #control: Int32Array;
  readonly #data: Buffer;
  readonly #wake: () => void;

  /** @param wake Tells the reader, which sleeps, that there is something; must work while this thread blocks. */
  constructor(memory: RingMemory, wake: () => void) {
    this.#control = new Int32Array(memory.control);
    this.#data = Buffer.from(memory.data);
    this.#wake = wake;
  }

  /** Writes text or bytes, in as many frames as it takes. */
  write(kind: FrameKind, content: string | Uint8Array): void {
    if (content.length === 0) return;
    // A JSON text is whole or it is nothing; a stream may be cut anywhere, its decoder joins it.
    if (typeof content === 'string' && this.#writeShort(kind, content)) return;
    const bytes =
      typeof content === 'string'
        ? Buffer.from(content, 'utf8')
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const largest = Math.max(HEADER, (this.#data.length >> 2) - HEADER);
    for (let at = 0; at < bytes.length; at += largest) {
      const part = bytes.subarray(at, at + largest);
      this.#writePart(kind, part, { continues: at + largest < bytes.length });
    }
  }

  /** The fast path: room for the longest encoding, in one piece. */
  #writeShort(kind: FrameKind, text: string): boolean {
    const head = Atomics.load(this.#control, HEAD);
    const at = this.#place(head);
    const room = Math.min(this.#free(head), this.#data.length - at) - HEADER;
    if (text.length * 3 > room) return false;
    const length = this.#data.write(text, at + HEADER, 'utf8');
    this.#publish(head, { kind, length, continues: false });
    return true;
  }

  #writePart(kind: FrameKind, bytes: Buffer, { continues }: { continues: boolean }): void {
    const head = Atomics.load(this.#control, HEAD);
    while (this.#free(head) < HEADER + padded(bytes.length)) this.#waitForRoom();
    const at = this.#place(head + HEADER);
    const first = Math.min(bytes.length, this.#data.length - at);
    bytes.copy(this.#data, at, 0, first);
    bytes.copy(this.#data, 0, first);
    this.#publish(head, { kind, length: bytes.length, continues });
  }

  #publish(head: number, frame: { kind: FrameKind; length: number; continues: boolean }): void {
    const at = this.#place(head);
    this.#data.writeUInt32LE(frame.length, at);
    this.#data.writeUInt8(KINDS.indexOf(frame.kind), at + 4);
    this.#data.writeUInt8(frame.continues ? CONTINUES : 0, at + 5);
    Atomics.store(this.#control, HEAD, (head + HEADER + padded(frame.length)) | 0);
    if (Atomics.exchange(this.#control, IS_READER_ASLEEP, 0) === 1) this.#wake();
  }

  #waitForRoom(): void {
    const tail = Atomics.load(this.#control, TAIL);
    this.#wake();
    // The time-out only guards against a wake-up that was lost with a terminated call.
    Atomics.wait(this.#control, TAIL, tail, 100);
  }

  #free(head: number): number {
    return this.#data.length - ((head - Atomics.load(this.#control, TAIL)) | 0);
  }

  #place(position: number): number {
    return position & (this.#data.length - 1);
  }
}

/** The main thread's end. */
export class RingReader {
  readonly #control: Int32Array;
  readonly #data: Buffer;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #json: Buffer[] = [];

  constructor(memory: RingMemory) {
    this.#control = new Int32Array(memory.control);
    this.#data = Buffer.from(memory.data);
  }

  /** Takes all that is there, in order, and makes room for more. */
  drain(): Frame[] {
    const frames: { kind: FrameKind; texts: string[] }[] = [];
    const add = (kind: FrameKind, text: string) => {
      if (text === '') return;
      const last = frames.at(-1);
      if (kind !== 'json' && last?.kind === kind) last.texts.push(text);
      else frames.push({ kind, texts: [text] });
    };
    const head = Atomics.load(this.#control, HEAD);
    let tail = Atomics.load(this.#control, TAIL);
    while (tail !== head) {
      const at = tail & (this.#data.length - 1);
      const length = this.#data.readUInt32LE(at);
      const kind = KINDS[this.#data.readUInt8(at + 4)] ?? 'json';
      const continues = (this.#data.readUInt8(at + 5) & CONTINUES) !== 0;
      const start = (tail + HEADER) & (this.#data.length - 1);
      const pieces = [
        this.#data.subarray(start, start + length),
        this.#data.subarray(0, Math.max(0, start + length - this.#data.length)),
      ];
      if (kind === 'json') this.#addJson(Buffer.concat(pieces), continues, add);
      else for (const piece of pieces) add(kind, this.#decoders[kind].write(piece));
      tail = (tail + HEADER + padded(length)) | 0;
    }
    Atomics.store(this.#control, TAIL, tail);
    Atomics.notify(this.#control, TAIL);
    return frames.map(({ kind, texts }) => ({ kind, text: texts.join('') }));
  }

  /** Gives what is left of an incomplete character; asked at the end of a cell. */
  flush(): Frame[] {
    this.#json = [];
    return (['stdout', 'stderr'] as const)
      .map((kind) => ({ kind, text: this.#decoders[kind].end() }))
      .filter(({ text }) => text !== '');
  }

  /** From now on the writer wakes the reader; false if there is something to read already. */
  sleep(): boolean {
    Atomics.store(this.#control, IS_READER_ASLEEP, 1);
    return Atomics.load(this.#control, HEAD) === Atomics.load(this.#control, TAIL);
  }

  #addJson(bytes: Buffer, continues: boolean, add: (kind: FrameKind, text: string) => void): void {
    this.#json.push(bytes);
    if (continues) return;
    const text = Buffer.concat(this.#json).toString('utf8');
    this.#json = [];
    add('json', text);
  }
}

function padded(length: number): number {
  return (length + HEADER - 1) & ~(HEADER - 1);
}
