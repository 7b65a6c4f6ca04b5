import { BYTES_CODER } from '../../coders/bytes.ts';
import type { Coder } from '../../coders/coder.ts';
import { GLOBAL_WINDOW_CODER } from '../../coders/global-window.ts';
import { INTERVAL_WINDOW_CODER } from '../../coders/interval-window.ts';
import { IterableCoder } from '../../coders/iterable.ts';
import { KeyCoder } from '../../coders/key-coder.ts';
import { KVCoder } from '../../coders/kv.ts';
import { TimerCoder } from '../../coders/timer.ts';
import { ValueCoder } from '../../coders/value-coder.ts';
import type { Coder as CoderProto } from '../../proto/runner-api.ts';
import type { CoderTable } from '../coders/coders-to-proto.ts';

/** In which form the elements of a PCollection travel; a grouping needs keys that a runner can compare. */
export type ElementForm =
  /** Anything, as one value. */
  | 'value'
  /** { key, value } and { key, value: values }. */
  | 'kv'
  | 'grouped'
  /** The same of bytes, which need not be encoded once more. */
  | 'keyedBytes'
  | 'groupedBytes'
  /** What an impulse gives. */
  | 'bytes';

/** What a runner reads around elements. */
export type WindowForm = 'globalWindow' | 'intervalWindow';

/** What a runner reads of timers, by what their windows are. */
export type TimerForm = 'globalTimer' | 'intervalTimer';

/** A coder is used here for what it is made of alone: nothing is encoded by it. */
function makeCoders(): Readonly<Record<ElementForm | WindowForm | TimerForm, Coder>> {
  const value = new ValueCoder();
  const key = new KeyCoder();
  const coders = {
    value,
    kv: new KVCoder(key, value),
    grouped: new KVCoder(key, new IterableCoder(value)),
    keyedBytes: new KVCoder(key, BYTES_CODER),
    groupedBytes: new KVCoder(key, new IterableCoder(BYTES_CODER)),
    bytes: BYTES_CODER,
    globalWindow: GLOBAL_WINDOW_CODER,
    intervalWindow: INTERVAL_WINDOW_CODER,
    globalTimer: new TimerCoder(key, GLOBAL_WINDOW_CODER),
    intervalTimer: new TimerCoder(key, INTERVAL_WINDOW_CODER),
  };
  return coders;
}

/** The coders of a pipeline under construction: those that are asked for, and no others. */
export class PipelineCoders {
  readonly #table: CoderTable;
  readonly #coders = makeCoders();

  constructor(table: CoderTable) {
    this.#table = table;
  }

  idOf(form: ElementForm | WindowForm | TimerForm): string {
    return this.#table.add(this.#coders[form]);
  }

  toProto(): Record<string, CoderProto> {
    return this.#table.toProto();
  }
}
