import { PipelineError } from '../../errors.ts';
import { TaggedOutput, type DoFn, type Emitted, type KeyOfElement } from '../../model/do-fn.ts';
import type { Bound } from '../../model/par-do-param.ts';
import type { FiredTimer } from '../../model/timer.ts';
import type { WindowedValue } from '../../model/windowed-value.ts';
import { backOffMs, wait, type BackOff } from './back-off.ts';
import { errorRecord, type BadElement } from './bad-element.ts';
import { isTaken, type ErrorTest } from './error-test.ts';
import { isPromiseLike, wholeOutputs } from './whole-outputs.ts';
import { within } from './within.ts';

/** Where bad elements go. */
export const BAD_TAG = 'bad';

/** Where a [1, bad] goes for each element, bad being 0 or 1, if they are counted. */
export const OUTCOMES_TAG = 'millrace:outcomes';

/** How a DoFn's exceptions are handled: plain data, and the user's functions. */
export interface ExceptionHandlingSettings {
  /** What the graph calls the transform. */
  readonly transform: string;
  readonly exceptions: ErrorTest | undefined;
  readonly retries: number;
  readonly backOff: BackOff;
  /** Milliseconds; undefined for no limit. */
  readonly timeoutMs: number | undefined;
  /** Whether to emit to OUTCOMES_TAG. */
  readonly isCounted: boolean;
}

/** Emits all or nothing of what another DoFn makes of an element; where that throws, the element goes to BAD_TAG. */
export class ExceptionHandlingFn<T, O, C> implements DoFn<T, unknown, C> {
  readonly #doFn: DoFn<T, O, C>;
  readonly #settings: ExceptionHandlingSettings;
  /** Aborted at the end of its life, so that nothing is tried again after it; of a worker, and made there. */
  #life: AbortController | undefined;

  constructor(doFn: DoFn<T, O, C>, settings: ExceptionHandlingSettings) {
    this.#doFn = doFn;
    this.#settings = settings;
  }

  setup(): void | PromiseLike<void> {
    this.#life = new AbortController();
    return this.#doFn.setup?.();
  }

  startBundle(context: Bound<C>): void | PromiseLike<void> {
    return this.#doFn.startBundle?.(context);
  }

  process(element: T, context: Bound<C>): Emitted<unknown> {
    let outputs: unknown;
    try {
      outputs = this.#call(element, context);
    } catch (error) {
      return this.#afterFailure(error, element, context);
    }
    if (!isPromiseLike(outputs)) return this.#good(outputs);
    return outputs.then(
      (whole) => this.#good(whole),
      (error: unknown) => this.#afterFailure(error, element, context),
    );
  }

  onTimer(timer: FiredTimer<KeyOfElement<T>>, context: Bound<C>): Emitted<unknown> {
    return this.#doFn.onTimer?.(timer, context);
  }

  finishBundle(context: Bound<C>): Emitted<WindowedValue<unknown>> {
    return this.#doFn.finishBundle?.(context);
  }

  teardown(): void | PromiseLike<void> {
    this.#life?.abort();
    return this.#doFn.teardown?.();
  }

  /** All outputs of one call: an array, or a promise of one. */
  #call(element: T, context: Bound<C>): unknown {
    let iterator: AsyncIterator<unknown> | undefined;
    const outputs = wholeOutputs(this.#doFn.process(element, context), (each) => (iterator = each));
    if (!isPromiseLike(outputs)) return outputs;
    return within(outputs, this.#settings.timeoutMs, () => {
      // It ends when it comes to its next yield; what it throws then is of no one's interest.
      void iterator?.return?.().then(undefined, () => undefined);
    });
  }

  #afterFailure(
    error: unknown,
    element: T,
    context: Bound<C>,
  ): readonly unknown[] | Promise<readonly unknown[]> {
    this.#requireTaken(error);
    if (this.#settings.retries === 0) return this.#bad(error, element);
    return this.#retry(error, element, context);
  }

  async #retry(first: unknown, element: T, context: Bound<C>): Promise<readonly unknown[]> {
    const { retries, backOff } = this.#settings;
    let error = first;
    for (let retry = 1; retry <= retries; retry++) {
      await wait(backOffMs(backOff, retry), this.#life?.signal);
      let outputs: unknown;
      try {
        outputs = await this.#call(element, context);
      } catch (thrown) {
        this.#requireTaken(thrown);
        error = thrown;
        continue;
      }
      return this.#good(outputs);
    }
    return this.#bad(error, element);
  }

  #requireTaken(error: unknown): void {
    if (!isTaken(error, this.#settings.exceptions)) throw error;
  }

  #good(outputs: unknown): readonly unknown[] {
    // What is no array can be no output: the runner says so.
    if (!Array.isArray(outputs)) return outputs as readonly unknown[];
    const emitted: readonly unknown[] = outputs;
    for (const each of emitted) if (each instanceof TaggedOutput) this.#requireOtherTag(String(each.tag));
    return this.#settings.isCounted ? [...emitted, new TaggedOutput(OUTCOMES_TAG, [1, 0])] : emitted;
  }

  #bad(error: unknown, element: T): readonly unknown[] {
    const { transform, isCounted } = this.#settings;
    const bad: BadElement<T> = { element, error: errorRecord(error), transform };
    const output = new TaggedOutput(BAD_TAG, bad);
    return isCounted ? [output, new TaggedOutput(OUTCOMES_TAG, [1, 1])] : [output];
  }

  #requireOtherTag(tag: string): void {
    if (tag !== BAD_TAG && tag !== OUTCOMES_TAG) return;
    const { transform } = this.#settings;
    throw new PipelineError(
      `Cannot emit to an output of "${transform}" as what it throws for goes to "${BAD_TAG}": received an element with the tag "${tag}"`,
      { transform, hint: 'Throw an error for the element, or give the output another tag' },
    );
  }
}
