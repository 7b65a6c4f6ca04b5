import { NO_FIRING } from '../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import { windowedValue, type WindowedValue } from '../model/windowed-value.ts';
import { decodeOuter, encodeOuter, type Coder, type OuterForm } from './coder.ts';
import { InputBytes } from './input-bytes.ts';
import { OutputBytes } from './output-bytes.ts';
import { WindowedValueCoder, type WindowedCoder, type WindowedHeader } from './windowed-value.ts';

/** A value alone: its timestamp, windows and pane are those of the coder's payload, whatever they were. */
export class ParamWindowedValueCoder<T> implements WindowedCoder<T> {
  readonly urn = 'beam:coder:param_windowed_value:v1';
  readonly components: readonly [value: Coder<T>, window: Coder<BoundedWindow>];
  readonly payload: Uint8Array;
  readonly isDeterministic: boolean;
  readonly outer: OuterForm<WindowedValue<T>>;
  readonly value: Coder<T>;
  readonly #header: WindowedHeader;

  /**
   * @param payload A windowed value of `window`'s windows, and with no value; by default one of the earliest
   *   timestamp, in the global window, of no firing.
   */
  constructor(value: Coder<T>, window: Coder<BoundedWindow>, payload?: Uint8Array) {
    this.components = [value, window];
    this.isDeterministic = value.isDeterministic;
    this.value = value;
    const whole = new WindowedValueCoder(value, window);
    if (payload === undefined) {
      const bytes = new OutputBytes();
      whole.encodeHeader(MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING, bytes);
      this.payload = bytes.take().slice();
    } else {
      this.payload = payload;
    }
    const header = whole.decodeHeader(new InputBytes(this.payload));
    this.#header = header;
    this.outer = {
      encode: (element, to) => {
        encodeOuter(value, element.value, to);
      },
      decode: (from) => windowedValue(decodeOuter(value, from), header),
    };
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
