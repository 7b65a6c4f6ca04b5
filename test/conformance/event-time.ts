import * as beam from 'millrace';
import { sorted } from './canonical.ts';

/** An event of the inputs: seconds since the epoch, key, value. */
export type Event = readonly [seconds: number, key: string, value: number];

type Pairs = beam.PCollection<beam.KV<string, number>>;

/** Further away than any event: the ends of time, of which runners tell different ones. */
const FAR = 1e15;

const near = (ms: number) => (Math.abs(ms) < FAR ? ms : null);

/** Makes { key, value } of events, at their times. */
export const events = (p: beam.Pipeline, list: readonly Event[]): Pairs =>
  p
    .apply(beam.create(list))
    .apply(beam.assignTimestamps(([seconds]) => seconds * 1000))
    .map(([, key, value]) => ({ key, value }));

/** Makes an element's window and timestamp a part of it. */
export const shown = <T>(elements: beam.PCollection<T>) =>
  elements.apply(beam.reify()).map(({ value, timestamp, window }) => ({
    value,
    at: near(timestamp),
    from: window.kind === 'global' ? null : near(window.start),
    to: window.kind === 'global' ? null : near(window.end),
  }));

/** { key, value: values in order }, with windows and timestamps. */
export const grouped = (pairs: Pairs) =>
  pairs
    .apply(beam.groupByKey())
    .map(({ key, value }) => ({ key, value: sorted(value) }))
    .apply(shown);

/** { key, value: combined }, with windows and timestamps. */
export const combined = <A, O>(pairs: Pairs, fn: beam.CombineFn<number, A, O>) =>
  pairs.apply(beam.combinePerKey(fn)).apply(shown);

/** { key, value: values in order }, with windows and the panes that they come in. */
export const panes = (pairs: Pairs) =>
  pairs
    .apply(beam.groupByKey())
    .map(({ key, value }) => ({ key, value: sorted(value) }))
    .apply(beam.reify())
    .map(({ value, timestamp, window, pane }) => ({
      value,
      at: near(timestamp),
      from: window.kind === 'global' ? null : near(window.start),
      to: window.kind === 'global' ? null : near(window.end),
      timing: pane.timing,
      index: pane.index,
    }));
