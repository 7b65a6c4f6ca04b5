import type { Coder } from '../../../../coders/coder.ts';
import { ElementStream } from '../../../../coders/element-stream.ts';
import { OutputBytes } from '../../../../coders/output-bytes.ts';
import type { Timer } from '../../../../coders/timer.ts';
import type { WindowedCoder } from '../../../../coders/windowed-value.ts';
import type { DueTimer, TimerUpdate } from '../../../../executor/state/user-state.ts';
import { NO_FIRING } from '../../../../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../../../../model/timestamp.ts';
import { GLOBAL_WINDOWS, windowId, type BoundedWindow } from '../../../../model/window.ts';

/** Bytes of timers that are sent at a time. */
const MESSAGE_BYTES = 256 * 1024;

type KeyedUpdate = TimerUpdate & { readonly key: unknown; readonly window: BoundedWindow };

/** The timers of one family of a transform in one bundle: those that are due, and those that it sets. */
export class TimerChannel {
  readonly transformId: string;
  readonly family: string;
  readonly #coder: Coder<Timer<unknown>>;
  readonly #identityOf: (key: unknown) => unknown;
  readonly #fire: (timer: DueTimer) => void | Promise<void>;
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | undefined;
  readonly #due: ElementStream<Timer<unknown>>;
  readonly #out = new OutputBytes();
  /** What the bundle has set or cleared itself: the runner's is out of date. */
  readonly #changed = new Set<string>();

  constructor(options: {
    readonly transformId: string;
    readonly family: string;
    readonly coder: Coder<Timer<unknown>>;
    /** What tells keys apart, as a grouping does. */
    readonly identityOf: (key: unknown) => unknown;
    readonly fire: (timer: DueTimer) => void | Promise<void>;
    /** Takes bytes for good; a promise asks to wait for it before more is made. */
    readonly send: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | undefined;
  }) {
    this.transformId = options.transformId;
    this.family = options.family;
    this.#coder = options.coder;
    this.#identityOf = options.identityOf;
    this.#fire = options.fire;
    this.#send = options.send;
    this.#due = new ElementStream(bare(options.coder));
  }

  /** Fires all timers that are whole with these bytes; the rest waits for the next ones. */
  async process(bytes: Uint8Array, isLast: boolean): Promise<void> {
    this.#due.push(bytes);
    if (isLast) this.#due.end();
    while (this.#due.next()) {
      const timer = this.#due.value;
      if (timer.clearBit) continue;
      const { userKey: key, dynamicTimerTag: tag, fireTimestamp, holdTimestamp, pane } = timer;
      for (const window of timer.windows) {
        if (this.#changed.has(this.#idOf({ key, tag, window }))) continue;
        const wait = this.#fire({
          family: this.family,
          tag,
          key,
          window,
          fireTimestamp,
          holdTimestamp,
          pane,
        });
        if (wait !== undefined) await wait;
      }
    }
    if (this.#out.length >= MESSAGE_BYTES) await this.#send(this.#out.take());
  }

  /** Sets or clears one of them. */
  update({ key, tag, window, set }: KeyedUpdate): void {
    this.#changed.add(this.#idOf({ key, tag, window }));
    const timer = { userKey: key, dynamicTimerTag: tag, windows: [window] };
    this.#coder.encode(
      set === undefined ? { ...timer, clearBit: true } : { ...timer, clearBit: false, ...set },
      this.#out,
    );
  }

  /** What was not sent yet; ends the bundle. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#out.take();
  }

  #idOf({ key, tag, window }: Pick<KeyedUpdate, 'key' | 'tag' | 'window'>): string {
    return JSON.stringify([typeof key, String(this.#identityOf(key)), tag, windowId(window)]);
  }
}

/** A stream of values alone, read as one of windowed values. */
function bare<T>(value: Coder<T>): WindowedCoder<T> {
  const header = { timestamp: MIN_TIMESTAMP, windows: GLOBAL_WINDOWS, pane: NO_FIRING };
  return {
    urn: value.urn,
    components: [value],
    isDeterministic: value.isDeterministic,
    value,
    encodeHeader: () => undefined,
    decodeHeader: () => header,
    encode: (element, to) => value.encode(element.value, to),
    decode: (from) => ({ value: value.decode(from), ...header }),
  };
}
