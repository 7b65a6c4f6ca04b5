import { describeValue } from '../../model/describe-value.ts';
import type { DoFn } from '../../model/do-fn.ts';
import { restrictionOf } from '../../model/is-splittable.ts';
import { asksForState } from '../../model/is-stateful.ts';
import type { PCollection } from '../../model/pcollection.ts';
import { P } from '../../model/pipeline.ts';
import type { PTransform } from '../../model/ptransform.ts';
import { durationMs, type Duration } from '../../windowing/duration.ts';
import { flatten } from '../flatten.ts';
import { requireOptions } from '../require-options.ts';
import { requireTags } from '../require-tags.ts';
import type { MainOutput, OutputOf } from '../par-do.ts';
import { backOffOf, type BackOffOptions } from './back-off.ts';
import type { BadElement } from './bad-element.ts';
import { checkThreshold, type Outcomes } from './check-threshold.ts';
import { requireErrorTest, type ErrorTest } from './error-test.ts';
import {
  BAD_TAG,
  ExceptionHandlingFn,
  OUTCOMES_TAG,
  type ExceptionHandlingSettings,
} from './exception-handling-fn.ts';

/** Which elements are bad ones, and when there are too many. */
export interface ExceptionHandlingOptions {
  /**
   * Which fraction of the elements of a window may be bad, from 0 to 1. Where more are, the pipeline fails once the window is
   * complete. 1 unless told otherwise: it never fails.
   */
  readonly threshold?: number;
  /** Which errors make an element bad: classes, or a function that is true for them. Others fail the pipeline. All, unless told. */
  readonly exceptions?: ErrorTest;
  /** How often an element is tried again before it is a bad one; 0 unless told otherwise. */
  readonly retries?: number;
  /** How long to wait before each retry: 100 ms, then 200, 400 … up to a minute, half of it at random, unless told otherwise. */
  readonly backOff?: BackOffOptions;
  /** How long an async function may take for an element, each time that it is tried. A sync one cannot be stopped, and is not. */
  readonly timeout?: Duration;
}

/** The outputs of a DoFn whose exceptions are handled: "good" for its main one, "bad", and its tags. */
export type HandledOutputs<T, O, Tags extends string> = {
  readonly good: PCollection<MainOutput<O>>;
  readonly bad: PCollection<BadElement<T>>;
} & { readonly [Tag in Tags]: PCollection<OutputOf<O, Tag>> };

/** A ParDo that gives the elements that it fails on as an output, instead of failing. */
export interface HandledParDo<T, O> extends PTransform<PCollection<T>, HandledOutputs<T, O, never>> {
  /**
   * Declares the tags that its DoFn emits to, as that of a ParDo: `const { good, bad, large } = …`.
   *
   * @throws {RangeError} for "main", "good", "bad", an empty tag, or one that is given twice.
   */
  withOutputs<Tags extends string>(
    ...tags: readonly Tags[]
  ): PTransform<PCollection<T>, HandledOutputs<T, O, Tags>>;
}

/** A ParDo as it is added to a pipeline. */
export interface PlainParDo<T, O, C> {
  readonly name: string;
  readonly doFn: DoFn<T, O, C>;
  readonly context: object;
  /** Adds another DoFn in its place; gives the outputs by tag. */
  readonly add: (
    input: PCollection<T>,
    doFn: DoFn<T, unknown, C>,
    tags: readonly string[],
  ) => Readonly<Record<string, PCollection<unknown>>>;
}

/** What `withExceptionHandling` of a ParDo gives. */
export function withExceptionHandling<T, O, C>(
  parDo: PlainParDo<T, O, C>,
  options: ExceptionHandlingOptions,
): HandledParDo<T, O> {
  const { name, doFn, add } = parDo;
  const settings = settingsOf(parDo, options);
  const { threshold = 1 } = options;
  const expand = (input: PCollection<T>, tags: readonly string[]): unknown => {
    const all = settings.isCounted ? [BAD_TAG, OUTCOMES_TAG, ...tags] : [BAD_TAG, ...tags];
    const { main, ...others } = add(input, new ExceptionHandlingFn(doFn, settings), all);
    const { [OUTCOMES_TAG]: outcomes, bad, ...tagged } = others;
    if (outcomes === undefined) return { good: main, bad, ...tagged };
    // The DoFn emits nothing else to it. What comes of the check is nothing, but must come: who needs an output waits for it.
    const nothing = checkThreshold(outcomes as PCollection<Outcomes>, { threshold, transform: name });
    const checked = Object.entries({ good: main, ...tagged }).flatMap(([tag, output]) =>
      output === undefined ? [] : [[tag, P([output, nothing]).apply(flatten())] as const],
    );
    return { ...Object.fromEntries(checked), bad };
  };
  return {
    name,
    // The outputs of both are those of the type.
    expand: (input) => expand(input, []) as HandledOutputs<T, O, never>,
    withOutputs<Tags extends string>(...tags: readonly Tags[]) {
      requireTags(tags, { name, taken: ['good', BAD_TAG, OUTCOMES_TAG] });
      return { name, expand: (input) => expand(input, tags) as HandledOutputs<T, O, Tags> };
    },
  };
}

function settingsOf<T, O, C>(
  { name, context }: PlainParDo<T, O, C>,
  options: ExceptionHandlingOptions,
): ExceptionHandlingSettings {
  const action = `handle exceptions of "${name}"`;
  const known = ['threshold', 'exceptions', 'retries', 'backOff', 'timeout'];
  const {
    threshold = 1,
    exceptions,
    retries = 0,
    backOff = {},
    timeout,
  } = requireOptions(options, action, known);
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new RangeError(
      `Cannot ${action} as threshold must be a fraction from 0 to 1: received ${describeValue(threshold)}`,
    );
  }
  if (!Number.isSafeInteger(retries) || retries < 0) {
    throw new RangeError(
      `Cannot ${action} as retries must be a whole number, 0 or more: received ${describeValue(retries)}`,
    );
  }
  requireErrorTest(exceptions, action);
  if (restrictionOf(context) !== undefined) {
    throw new TypeError(
      `Cannot ${action} as what is good or bad is a whole element: received a splittable DoFn, which handles its errors itself`,
    );
  }
  if (asksForState(context) && (retries > 0 || timeout !== undefined)) {
    throw new TypeError(
      `Cannot ${action} as what is tried again or given up must keep no state, which would change more than once or later: received ${retries > 0 ? 'retries' : 'a timeout'} for a DoFn with state or timers`,
    );
  }
  return {
    transform: name,
    exceptions,
    retries,
    backOff: backOffOf(backOff, action),
    timeoutMs:
      timeout === undefined ? undefined : durationMs(timeout, { action: `${action} as timeout`, least: 1 }),
    isCounted: threshold < 1,
  };
}
