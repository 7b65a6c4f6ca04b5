/** A count of something, summed over all workers; shown on the graph. */
export interface Counter {
  /** Adds `amount`, 1 unless told otherwise; may be negative. */
  increment(amount?: number): void;
}

/** A request for something that the runner gives to a user's function; the name is Beam's. */
export interface ParDoParam<V> {
  readonly paramKind: 'counter';
  readonly name: string;
  /** Never there at run time: it carries the type of what is given. */
  readonly bound?: V;
}

/** A context as the function sees it: each ParDoParam replaced by what it asks for, all else as it was given. */
export type Bound<C> = { readonly [K in keyof C]: C[K] extends ParDoParam<infer V> ? V : C[K] };

/**
 * Asks for a counter: `pcoll.map((line, { lines }) => { lines.increment(); … }, { lines: beam.counter('lines') })`.
 *
 * @param name What the graph and the metrics call it; unique within its transform.
 */
export function counter(name: string): ParDoParam<Counter> {
  return { paramKind: 'counter', name };
}

/** Tells a request from a plain value in a context. */
export function isParDoParam(value: unknown): value is ParDoParam<unknown> {
  return typeof value === 'object' && value !== null && 'paramKind' in value;
}
