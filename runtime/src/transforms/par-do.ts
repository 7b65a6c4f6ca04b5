import type { DoFn, TaggedOutput } from '../model/do-fn.ts';
import type { TimestampedValue } from '../model/timestamped-value.ts';
import { isTimerSpec } from '../model/timer.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import {
  withExceptionHandling,
  type ExceptionHandlingOptions,
  type HandledParDo,
} from './exceptions/with-exception-handling.ts';
import { requireTags } from './require-tags.ts';
import { requireInstance, requirePCollection } from './require-input.ts';

/** What goes to the main output: all that is not a TaggedOutput; of a TimestampedValue its value. */
export type MainOutput<O> = O extends TaggedOutput<string, unknown> ? never : WithoutTimestamp<O>;

type WithoutTimestamp<O> = O extends TimestampedValue<infer V> ? V : O;

/** What goes to the output `Tag`. */
export type OutputOf<O, Tag extends string> =
  O extends TaggedOutput<infer Own, infer V> ? (Tag extends Own ? WithoutTimestamp<V> : never) : never;

/** The outputs of a DoFn by name: "main" and its tags. */
export type Outputs<O, Tags extends string> = { readonly main: PCollection<MainOutput<O>> } & {
  readonly [Tag in Tags]: PCollection<OutputOf<O, Tag>>;
};

/** A ParDo with its main output; `withOutputs` gives it others beside, `withExceptionHandling` one for what it fails on. */
export interface ParDo<T, O> extends PTransform<PCollection<T>, PCollection<MainOutput<O>>> {
  /**
   * Declares the tags that its DoFn emits to: `const { main, bad } = lines.apply(parDo(parse).withOutputs('bad'))`.
   *
   * @throws {RangeError} for "main", an empty tag, or one that is given twice.
   */
  withOutputs<Tags extends string>(...tags: readonly Tags[]): PTransform<PCollection<T>, Outputs<O, Tags>>;

  /**
   * Gives the elements for which `process` throws as an output of their own, instead of failing:
   * `const { good, bad } = lines.apply(parDo((line) => [JSON.parse(line)]).withExceptionHandling())`.
   *
   * A function for `map` becomes `parDo((x) => [f(x)])`, an async one `parDo(async (x) => [await f(x)])`; one for `flatMap` goes
   * as it is.
   *
   * - Shape: an element is good or bad. `good` has what the main output has; a `BadElement` has the element, what was thrown and
   *   the transform, in the window and with the timestamp of the element. What the other methods throw fails the pipeline, as do
   *   a PipelineError and errors that are not among `exceptions`.
   * - Cost: all that an element emits is in memory until it is processed, so that one that fails half-way emits nothing. What it
   *   did elsewhere stays done, its state too. A threshold counts the elements of each window.
   * - With a threshold, the pipeline fails once a window is complete; what was emitted before is then out. All outputs but `bad`
   *   wait for the count, so that each of them alone fails as well, and `bad` can be looked at. A trigger other than the
   *   default one has the elements counted in the windows that their timestamps say.
   *
   * @throws {RangeError} for a threshold, a number of retries or a time that is none. @throws {TypeError} for an unknown option,
   *   and for retries or a timeout of a DoFn that keeps state. @throws {PipelineError} when it runs, above the threshold.
   * @see Beam Python's ParDo.with_exception_handling
   */
  withExceptionHandling(options?: ExceptionHandlingOptions): HandledParDo<T, O>;
}

/**
 * Runs a DoFn on each element: any number of elements out, to any number of outputs.
 *
 * @param doFn A DoFn, or a function that serves as its `process`.
 * @param context Given to its methods as the last argument; counters and the like are bound first.
 */
export function parDo<T, O, C extends object = object>(
  doFn: DoFn<T, O, C> | DoFn<T, O, C>['process'],
  context?: C,
): ParDo<T, O> {
  requireInstance(doFn, 'apply ParDo', 'a DoFn');
  const whole: DoFn<T, O, C> = typeof doFn === 'function' ? processOnly(doFn) : doFn;
  const process: unknown = (whole as { readonly process?: unknown } | null | undefined)?.process;
  if (typeof process !== 'function') {
    throw new TypeError(
      `Cannot apply ParDo as it takes a DoFn or a function: received ${process === undefined ? 'no process method' : typeof process}`,
    );
  }
  const name = givenName(doFn) ?? labelOf(whole);
  requireOnTimer(whole, context ?? {}, name);
  const add = (input: PCollection<T>, tags: readonly string[], run: DoFn<T, unknown, C> = whole) =>
    requirePCollection(input, name).pipeline.addPrimitive({
      label: name,
      // The signature above has checked the DoFn against the element type.
      spec: { kind: 'parDo', doFn: run, context: context ?? {}, tags },
      inputs: [input],
    });
  return {
    name,
    expand: (input) => add(input, []).main as PCollection<MainOutput<O>>, // the same check
    withOutputs<Tags extends string>(...tags: readonly Tags[]) {
      requireTags(tags, { name });
      return {
        name,
        expand: (input) => add(input, tags) as unknown as Outputs<O, Tags>, // the tags are those of the type
      };
    },
    withExceptionHandling: (options = {}) =>
      withExceptionHandling(
        {
          name,
          doFn: whole,
          context: context ?? {},
          add: (input, handling, tags) => add(input, tags, handling),
        },
        options,
      ),
  };
}

function processOnly<T, O, C>(fn: DoFn<T, O, C>['process']): DoFn<T, O, C> {
  return { name: fn.name, process: fn };
}

/** "ParDo(Parse)": the DoFn's own name, or its class's. */
function labelOf(doFn: DoFn<never, unknown, never>): string {
  const className = doFn.constructor === Object ? '' : doFn.constructor.name;
  const own = doFn.name ?? className;
  return own === '' ? 'ParDo' : `ParDo(${own})`;
}

/** Timers that nobody hears are a mistake. */
function requireOnTimer(doFn: DoFn<never, unknown, never>, context: object, name: string): void {
  const timer = Object.entries(context).find(([, value]) => isTimerSpec(value));
  if (timer !== undefined && typeof doFn.onTimer !== 'function') {
    throw new TypeError(
      `Cannot apply "${name}" as a DoFn with timers must have an onTimer method: received none, for the timer "${timer[0]}"`,
    );
  }
}
