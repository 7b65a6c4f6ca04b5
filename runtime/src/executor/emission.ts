import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import { userError, type OperatorOptions } from './operator.ts';

/** Takes one of the values that a user's function emitted. */
export type EmitValue = (value: unknown) => void | Promise<void>;

/** How many values of an async generator wait for their turn before it is held. */
const MAX_BUFFERED = 64;

/** Reads what a user's function returned, and passes the values on one by one. */
export class Emission {
  readonly #options: OperatorOptions;
  readonly #method: string;

  /** @param method Which function returned it, for errors. */
  constructor(options: OperatorOptions, method: string) {
    this.#options = options;
    this.#method = method;
  }

  /**
   * Emits all values of an iterable; waits wherever `emit` asks for it, and lets the event loop run.
   *
   * An iterator that was left early is closed, so a generator's finally blocks run.
   */
  all(iterable: Iterable<unknown>, emit: EmitValue, element: unknown): void | Promise<void> {
    const iterator = this.#call(element, () => iterable[Symbol.iterator]());
    for (;;) {
      const step = this.#call(element, () => iterator.next());
      if (step.done === true) return;
      const wait = this.#emit(iterator, emit, step.value);
      if (wait !== undefined) return this.#rest(iterator, emit, { element, wait });
    }
  }

  /** The same for an async iterable, whose values wait for `turn`. */
  async allAsync(
    iterable: AsyncIterable<unknown>,
    emit: EmitValue,
    { element, turn }: { readonly element: unknown; readonly turn: Promise<void> },
  ): Promise<void> {
    const state = { isTurn: false, isUserCode: true };
    turn.then(
      () => (state.isTurn = true),
      () => undefined, // it is awaited below
    );
    let buffered: unknown[] = [];
    const flush = async () => {
      await turn;
      const values = buffered;
      buffered = [];
      for (const value of values) await emit(value);
    };
    try {
      for await (const value of iterable) {
        state.isUserCode = false;
        buffered.push(value);
        if (state.isTurn || buffered.length >= MAX_BUFFERED) await flush();
        const wait = this.#options.pacer.pause();
        if (wait !== undefined) await wait;
        state.isUserCode = true;
      }
    } catch (cause) {
      throw state.isUserCode ? userError(this.#options, this.#method, { cause, element }) : cause;
    }
    await flush();
  }

  /** The error for what is no iterable. */
  refuse(received: unknown, element: unknown): PipelineError {
    const { name } = this.#options;
    const isText = typeof received === 'string';
    return new PipelineError(
      `Cannot emit what "${name}" returned as ${this.#method} must return an iterable of elements: ` +
        `received ${describeValue(received)} for ${describeValue(element)}`,
      {
        transform: name,
        hint: isText
          ? 'A string would be taken apart into characters: return [text] to emit it, or [...text] for its characters'
          : 'Return an array, or yield the elements from a generator; [] emits nothing',
      },
    );
  }

  async #rest(
    iterator: Iterator<unknown>,
    emit: EmitValue,
    { element, wait }: { readonly element: unknown; readonly wait: Promise<void> },
  ): Promise<void> {
    let pending: void | Promise<void> = wait;
    for (;;) {
      if (pending !== undefined) {
        try {
          await pending;
        } catch (error) {
          close(iterator);
          throw error;
        }
      }
      const step = this.#call(element, () => iterator.next());
      if (step.done === true) return;
      pending = this.#emit(iterator, emit, step.value);
    }
  }

  #emit(iterator: Iterator<unknown>, emit: EmitValue, value: unknown): void | Promise<void> {
    try {
      return emit(value) ?? this.#options.pacer.pause();
    } catch (error) {
      close(iterator);
      throw error;
    }
  }

  #call<R>(element: unknown, call: () => R): R {
    try {
      return call();
    } catch (cause) {
      throw userError(this.#options, this.#method, { cause, element });
    }
  }
}

/** Closes an iterator because of an error that is on its way: what closing throws is not reported over it. */
function close(iterator: Iterator<unknown>): void {
  try {
    iterator.return?.();
  } catch {
    // The first error is the one to report.
  }
}

/** True for what emits synchronously; a string is not meant, although it is iterable. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    typeof value[Symbol.iterator] === 'function'
  );
}

/** True for what emits as it is awaited. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof value[Symbol.asyncIterator] === 'function'
  );
}
