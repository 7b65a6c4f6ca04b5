import { MAIN_TAG } from '../model/applied-ptransform.ts';
import type { DoFn, TaggedOutput } from '../model/do-fn.ts';
import { isTimerSpec } from '../model/timer.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { requireInstance, requirePCollection } from './require-input.ts';

/** What goes to the main output: all that is not a TaggedOutput. */
export type MainOutput<O> = O extends TaggedOutput<string, unknown> ? never : O;

/** What goes to the output `Tag`. */
export type OutputOf<O, Tag extends string> =
  O extends TaggedOutput<infer Own, infer V> ? (Tag extends Own ? V : never) : never;

/** The outputs of a DoFn by name: "main" and its tags. */
export type Outputs<O, Tags extends string> = { readonly main: PCollection<MainOutput<O>> } & {
  readonly [Tag in Tags]: PCollection<OutputOf<O, Tag>>;
};

/** A ParDo with its main output; `withOutputs` gives it others beside. */
export interface ParDo<in T, O> extends PTransform<PCollection<T>, PCollection<MainOutput<O>>> {
  /**
   * Declares the tags that its DoFn emits to: `const { main, bad } = lines.apply(parDo(parse).withOutputs('bad'))`.
   *
   * @throws {RangeError} for "main", an empty tag, or one that is given twice.
   */
  withOutputs<Tags extends string>(...tags: readonly Tags[]): PTransform<PCollection<T>, Outputs<O, Tags>>;
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
  const add = (input: PCollection<T>, tags: readonly string[]) =>
    requirePCollection(input, name).pipeline.addPrimitive({
      label: name,
      // The signature above has checked the DoFn against the element type.
      spec: { kind: 'parDo', doFn: whole, context: context ?? {}, tags },
      inputs: [input],
    });
  return {
    name,
    expand: (input) => add(input, []).main as PCollection<MainOutput<O>>, // the same check
    withOutputs<Tags extends string>(...tags: readonly Tags[]) {
      for (const [index, tag] of tags.entries())
        requireTag(tag, { isTaken: tags.indexOf(tag) < index, name });
      return {
        name,
        expand: (input) => add(input, tags) as unknown as Outputs<O, Tags>, // the tags are those of the type
      };
    },
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

function requireTag(
  tag: string,
  { isTaken, name }: { readonly isTaken: boolean; readonly name: string },
): void {
  if (tag === MAIN_TAG || tag === '' || isTaken) {
    throw new RangeError(
      `Cannot give "${name}" an output as its tags must be different and not "${MAIN_TAG}": received "${tag}"`,
    );
  }
}
