import type { PCollection } from './pcollection.ts';
import type { Pipeline } from './pipeline.ts';

/** What a transform may take: the pipeline itself (a root), one PCollection, or several by position or by name. */
export type PValue =
  | Pipeline
  | PCollection<unknown>
  | readonly PCollection<unknown>[]
  | Readonly<Record<string, PCollection<unknown>>>;

/**
 * A step of a pipeline: it expands to primitives and to other PTransforms, and computes nothing.
 *
 * Anything with a name and an `expand` is one; a plain function from input to output serves as well.
 */
export interface PTransform<in I, out O> {
  /** What the graph calls it, before it is made unique: "CountPerElement". */
  readonly name: string;
  readonly expand: (input: I) => O;
}

/** Either form that `apply` takes. */
export type Applicable<I, O> = PTransform<I, O> | ((input: I) => O);

const NAME = Symbol.for('millrace.name');

/**
 * Names a transform, or a function given to `map`, `flatMap`, `filter` or `apply`: the graph, the metrics and a job
 * show this name. It must be unique within its composite; a pipeline that uses it twice is refused.
 */
export function withName<I, O>(name: string, transform: PTransform<I, O>): PTransform<I, O>;
// A user's function can be of any shape; it comes back as it was given.
export function withName<F extends (...args: never[]) => unknown>(name: string, fn: F): F;
export function withName(
  name: string,
  target: PTransform<unknown, unknown> | ((...args: never[]) => unknown),
): unknown {
  const received: unknown = name; // the types do not hold in plain JavaScript
  if (typeof received !== 'string' || name.trim() === '' || name.includes('/')) {
    throw new RangeError(
      `Cannot name a transform as a name must be a string that is not empty and holds no "/": received "${String(received)}"`,
    );
  }
  if (typeof target === 'function') {
    return Object.defineProperty(target, NAME, { value: name, configurable: true });
  }
  return Object.defineProperty({ name, expand: (input: unknown) => target.expand(input) }, NAME, {
    value: name,
  });
}

/** The name that `withName` gave to `target`; undefined if it gave none. */
export function givenName(target: object): string | undefined {
  // Only withName sets this symbol, and it sets a string.
  return (target as { readonly [NAME]?: string })[NAME];
}
