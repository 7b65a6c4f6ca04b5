import { NO_FIRING, type PaneInfo } from '../model/pane-info.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { GLOBAL_WINDOW, GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import type { Receiver, WindowedValue } from '../model/windowed-value.ts';
import { decodeOuter, encodeOuter, type Coder, type OuterForm } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
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

/** Longer headers, of elements in many windows, are not remembered. */
const LONGEST_KEPT = 64;
/** No element has this one, as NaN equals nothing. */
const NO_HEADER: WindowedHeader = { timestamp: NaN, windows: [], pane: NO_FIRING };

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
  /** The header that was written last; undefined until it is written for the second time. */
  #writtenBytes: Uint8Array | undefined;
  #read: WindowedHeader = NO_HEADER;
  /** The header that was read last, in its first bytes. */
  readonly #readBytes = new Uint8Array(LONGEST_KEPT);
  #readLength = 0;

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
    const isSame = last.timestamp === timestamp && last.windows === windows && last.pane === pane;
    if (isSame && this.#writtenBytes !== undefined) {
      to.raw(this.#writtenBytes);
      return;
    }
    const start = to.length;
    encodeTimestamp(timestamp, to);
    to.uint32(windows.length);
    for (const window of windows) this.#window.encode(window, to);
    encodePane(pane, to);
    this.#writtenBytes = isSame ? new Uint8Array(to.view().subarray(start)) : undefined;
    if (!isSame) this.#written = { timestamp, windows, pane };
  }

  decodeHeader(from: InputBytes): WindowedHeader {
    if (this.#readLength > 0 && from.skip(this.#readBytes, this.#readLength)) return this.#read;
    const start = from.position;
    const timestamp = decodeTimestamp(from);
    const windows = this.#decodeWindows(from);
    const pane = decodePane(from);
    const length = from.position - start;
    this.#readLength = length <= LONGEST_KEPT ? length : 0;
    from.copy(start, this.#readBytes, this.#readLength);
    return (this.#read = { timestamp, windows, pane });
  }

  #decodeWindows(from: InputBytes): readonly BoundedWindow[] {
    const count = from.uint32();
    if (count === 1) {
      const window = this.#window.decode(from);
      if (window === GLOBAL_WINDOW) return GLOBAL_WINDOWS;
      const { windows } = this.#read;
      return isOnly(window, windows) ? windows : Object.freeze([window]);
    }
    const windows: BoundedWindow[] = [];
    for (let left = count; left > 0; left--) windows.push(this.#window.decode(from));
    return Object.freeze(windows);
  }
}

/** Whether `windows` are this one alone: then they are shared. */
function isOnly(window: BoundedWindow, windows: readonly BoundedWindow[]): boolean {
  const [only, ...others] = windows;
  if (window.kind !== 'interval' || only?.kind !== 'interval' || others.length > 0) return false;
  return only.start === window.start && only.end === window.end;
}
