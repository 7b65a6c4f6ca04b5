import type { PaneInfo } from './pane-info.ts';
import type { Timestamp } from './timestamp.ts';
import type { BoundedWindow } from './window.ts';

/** Gives something that belongs to the element which a user's function was called with; the name is Beam's. */
export interface ElementParam<V> {
  /** Of the element of this very call, also after an `await`. Costs nothing. */
  lookup(): V;
}

/** A request for something that the runner gives to a user's function; the name is Beam's. */
export interface ParDoParam<V> {
  readonly paramKind:
    | 'metric'
    | 'timestamp'
    | 'window'
    | 'paneInfo'
    | 'sideInput'
    | 'state'
    | 'timer'
    | 'restriction'
    | 'bundleFinalizer'
    | 'watermarkEstimator';
  /** Of a metric: its name. */
  readonly name: string;
  /** Never there at run time: it carries the type of what is given. */
  readonly bound?: V;
}

/** A context as the function sees it: each ParDoParam replaced by what it asks for, all else as it was given. */
export type Bound<C> = { readonly [K in keyof C]: C[K] extends ParDoParam<infer V> ? V : C[K] };

/** Asks for the element's timestamp: `map((e, { ts }) => …ts.lookup()…, { ts: beam.timestampParam() })`. */
export function timestampParam(): ParDoParam<ElementParam<Timestamp>> {
  return { paramKind: 'timestamp', name: 'timestamp' };
}

/** Asks for the element's window; the function is called once for each window of an element that is in several. */
export function windowParam(): ParDoParam<ElementParam<BoundedWindow>> {
  return { paramKind: 'window', name: 'window' };
}

/** Asks for the pane that the element came out of. */
export function paneInfoParam(): ParDoParam<ElementParam<PaneInfo>> {
  return { paramKind: 'paneInfo', name: 'paneInfo' };
}

/** Tells a request from a plain value in a context. */
export function isParDoParam(value: unknown): value is ParDoParam<unknown> {
  return typeof value === 'object' && value !== null && 'paramKind' in value;
}
