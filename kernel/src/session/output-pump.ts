import { RingReader, type Frame, type RingMemory } from './output-ring.ts';
import type { OutputSink, SessionOutput } from './session-output.ts';

/** How long outputs are collected into one, in milliseconds. */
const COALESCE_MS = 16;

/**
 * Takes a worker's outputs out of its ring and hands them on, in order, as few and large ones.
 *
 * The first output after a pause goes at once. Nothing is taken while the sink asks for a pause, so that the ring fills
 * and the worker waits.
 */
export class OutputPump {
  readonly #reader: RingReader;
  #sink: OutputSink;
  #timer: NodeJS.Timeout | undefined;
  /** Outputs that the sink has not yet taken. */
  #paused = 0;

  constructor(memory: RingMemory, sink: OutputSink) {
    this.#reader = new RingReader(memory);
    this.#sink = sink;
    this.#reader.sleep();
  }

  /** The worker says that there is something, or that it has no room. */
  wake(): void {
    if (this.#paused === 0) this.#drain();
    this.#timer ??= setTimeout(() => this.#onTimer(), COALESCE_MS);
  }

  /** All that was written so far goes to the old sink, all that follows to the new one. */
  redirect(sink: OutputSink): void {
    this.#drain();
    this.#send(this.#reader.flush());
    this.#sink = sink;
  }

  /** Delivers what is left, and stops. */
  close(): void {
    this.#drain();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #onTimer(): void {
    this.#timer = undefined;
    const isQuiet = this.#paused === 0 && !this.#drain();
    if (isQuiet && this.#reader.sleep()) return;
    this.#timer = setTimeout(() => this.#onTimer(), COALESCE_MS);
  }

  /** False if there was nothing. */
  #drain(): boolean {
    const frames = this.#reader.drain();
    this.#send(frames);
    return frames.length > 0;
  }

  #send(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const taken = this.#sink(toOutput(frame));
      if (!(taken instanceof Promise)) continue;
      this.#paused += 1;
      const resume = () => void (this.#paused -= 1);
      void taken.then(resume, resume);
    }
  }
}

function toOutput({ kind, text }: Frame): SessionOutput {
  // The worker wrote it, of this very type.
  return kind === 'json' ? (JSON.parse(text) as SessionOutput) : { kind: 'stream', name: kind, text };
}
