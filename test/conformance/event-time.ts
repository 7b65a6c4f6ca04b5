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

/** A window and a timestamp in it; the window's last one by name, as Beam Python rounds it up before the epoch. */
const placed = ({ window, timestamp }: Pick<beam.Reified<unknown>, 'window' | 'timestamp'>) => {
  if (window.kind === 'global') return { at: near(timestamp), from: null, to: null };
  const { start, end } = window;
  return { at: timestamp >= end - 1 ? 'end' : timestamp, from: start, to: end };
};

/** Makes an element's window and timestamp a part of it. */
export const shown = <T>(elements: beam.PCollection<T>) =>
  elements.apply(beam.reify()).map((reified) => ({ value: reified.value, ...placed(reified) }));

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
    .map((reified) => ({
      value: reified.value,
      ...placed(reified),
      timing: reified.pane.timing,
      index: reified.pane.index,
    }));
