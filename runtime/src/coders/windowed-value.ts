import { NO_FIRING, type PaneInfo } from '../model/pane-info.ts';
import { MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import { GLOBAL_WINDOW, GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import { windowedValue, type Receiver, type WindowedValue } from '../model/windowed-value.ts';
import { decodeOuter, encodeOuter, type Coder, type OuterForm } from './coder.ts';
import { InputBytes } from './input-bytes.ts';
import { OutputBytes } from './output-bytes.ts';
import { decodePane, encodePane } from './pane.ts';
import { decodeTimestamp, encodeTimestamp } from './timestamp.ts';

/** What is around a value: its timestamp, windows and pane, one after the other as bytes. */
export interface WindowedHeader {
  readonly timestamp: Timestamp;
  readonly windows: readonly BoundedWindow[];
  readonly pane: PaneInfo;
}

/** A coder of elements with all that the Beam model knows of them, which can do without an object per element. */
export interface WindowedCoder<T = unknown> extends Coder<WindowedValue<T>> {
  readonly value: Coder<T>;
  /** Writes all but the value. */
  encodeHeader(
    timestamp: Timestamp,
    windows: readonly BoundedWindow[],
    pane: PaneInfo,
    to: OutputBytes,
  ): void;
  /** Reads all but the value; the object is shared by the elements that follow, if they have the same. */
  decodeHeader(from: InputBytes): WindowedHeader;
}

/** Writes one element, its four fields positionally: no object per element. */
export function encodeWindowed<T>(
  to: OutputBytes,
  coder: WindowedCoder<T>,
  ...[value, timestamp, windows, pane]: Parameters<Receiver<T>>
): void {
  coder.encodeHeader(timestamp, windows, pane, to);
  coder.value.encode(value, to);
}

/** Reads one element and gives it to `receiver`; returns what that returned: a promise to wait for, or undefined. */
export function decodeWindowed<T>(
  from: InputBytes,
  coder: WindowedCoder<T>,
  receiver: Receiver<T>,
): void | Promise<void> {
  const { timestamp, windows, pane } = coder.decodeHeader(from);
  return receiver(coder.value.decode(from), timestamp, windows, pane);
}

/**
 * A value with its timestamp, windows and pane, which come first.
 *
 * Most elements have the same as the one before: these bytes are kept, and compared or copied whole.
 */
export class WindowedValueCoder<T> implements WindowedCoder<T> {
  readonly urn = 'beam:coder:windowed_value:v1';
  readonly components: readonly [value: Coder<T>, window: Coder<BoundedWindow>];
  readonly isDeterministic: boolean;
  readonly outer: OuterForm<WindowedValue<T>>;
  readonly value: Coder<T>;
  readonly #window: Coder<BoundedWindow>;
  #written: WindowedHeader = NO_HEADER;
  #writtenBytes: Uint8Array = new Uint8Array();
  #read: WindowedHeader = NO_HEADER;
  /** Never found before there is one: no header begins so. */
  #readBytes: Uint8Array = new Uint8Array(32);

  constructor(value: Coder<T>, window: Coder<BoundedWindow>) {
    this.components = [value, window];
    this.isDeterministic = value.isDeterministic && window.isDeterministic;
    this.value = value;
    this.#window = window;
    this.outer = {
      encode: (element, to) => {
        this.encodeHeader(element.timestamp, element.windows, element.pane, to);
        encodeOuter(value, element.value, to);
      },
      decode: (from) => {
        const header = this.decodeHeader(from);
        return { value: decodeOuter(value, from), ...header };
      },
    };
  }

  encode(element: WindowedValue<T>, to: OutputBytes): void {
    this.encodeHeader(element.timestamp, element.windows, element.pane, to);
    this.value.encode(element.value, to);
  }

  decode(from: InputBytes): WindowedValue<T> {
    const header = this.decodeHeader(from);
    return { value: this.value.decode(from), ...header };
  }

  encodeHeader(
    timestamp: Timestamp,
    windows: readonly BoundedWindow[],
    pane: PaneInfo,
    to: OutputBytes,
  ): void {
    const last = this.#written;
    if (last.timestamp !== timestamp || last.windows !== windows || last.pane !== pane) {
      const bytes = new OutputBytes(64);
      encodeTimestamp(timestamp, bytes);
      bytes.uint32(windows.length);
      for (const window of windows) this.#window.encode(window, bytes);
      encodePane(pane, bytes);
      this.#writtenBytes = bytes.take();
      this.#written = { timestamp, windows, pane };
    }
    to.raw(this.#writtenBytes);
  }

  decodeHeader(from: InputBytes): WindowedHeader {
    if (from.skip(this.#readBytes)) return this.#read;
    const start = from.position;
    const timestamp = decodeTimestamp(from);
    const windows = this.#decodeWindows(from);
    const pane = decodePane(from);
    const end = from.position;
    from.position = start;
    this.#readBytes = new Uint8Array(from.raw(end - start));
    return (this.#read = { timestamp, windows, pane });
  }

  #decodeWindows(from: InputBytes): readonly BoundedWindow[] {
    const windows: BoundedWindow[] = [];
    for (let left = from.uint32(); left > 0; left--) windows.push(this.#window.decode(from));
    return windows.length === 1 && windows[0] === GLOBAL_WINDOW ? GLOBAL_WINDOWS : Object.freeze(windows);
  }
}

const NO_HEADER: WindowedHeader = { timestamp: NaN, windows: [], pane: NO_FIRING };

/**
 * A value alone; its timestamp, windows and pane are those of the coder's payload, whatever they were.
 *
 * @see WindowedValueCoder
 */
export class ParamWindowedValueCoder<T> implements WindowedCoder<T> {
  readonly urn = 'beam:coder:param_windowed_value:v1';
  readonly components: readonly [value: Coder<T>, window: Coder<BoundedWindow>];
  readonly payload: Uint8Array;
  readonly isDeterministic: boolean;
  readonly value: Coder<T>;
  readonly #header: WindowedHeader;

  /** @param payload By default: the earliest timestamp, the global window, no firing. */
  constructor(value: Coder<T>, window: Coder<BoundedWindow>, payload?: Uint8Array) {
    this.components = [value, window];
    this.isDeterministic = value.isDeterministic;
    this.value = value;
    const all = new WindowedValueCoder(NOTHING, window);
    if (payload === undefined) {
      const bytes = new OutputBytes(64);
      all.encodeHeader(MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING, bytes);
      this.payload = bytes.take();
    } else {
      this.payload = payload;
    }
    this.#header = all.decodeHeader(new InputBytes(this.payload));
  }

  encode(element: WindowedValue<T>, to: OutputBytes): void {
    this.value.encode(element.value, to);
  }

  decode(from: InputBytes): WindowedValue<T> {
    return windowedValue(this.value.decode(from), this.#header);
  }

  encodeHeader(): void {
    // It is in the payload.
  }

  decodeHeader(): WindowedHeader {
    return this.#header;
  }
}

const NOTHING: Coder = {
  urn: 'nothing',
  components: [],
  isDeterministic: true,
  encode: () => undefined,
  decode: () => undefined,
};
