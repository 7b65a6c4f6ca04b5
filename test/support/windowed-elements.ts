import {
  GLOBAL_WINDOW,
  windowedValue,
  windowInto,
  type BoundedWindow,
  type PCollection,
  type Pipeline,
} from 'millrace';
import type { PaneInfo, Timestamp } from 'millrace';

/** An element, and all that the model is to know of it. */
export interface Placed<T> {
  readonly value: T;
  readonly window?: BoundedWindow;
  readonly timestamp?: Timestamp;
  readonly pane?: PaneInfo;
}

interface Wrapped<T> {
  readonly value: T;
  readonly window: BoundedWindow;
}

/** A PCollection with these elements, in these windows and panes: as if a grouping had emitted them. */
export function windowedElements<T>(p: Pipeline, elements: readonly Placed<T>[]): PCollection<T> {
  const { main: placed } = p.addPrimitive({
    label: 'CreateWindowed',
    spec: {
      kind: 'createWindowed',
      elements: elements.map(({ value, window = GLOBAL_WINDOW, ...rest }) =>
        windowedValue({ value, window }, rest),
      ),
    },
    inputs: [],
  });
  return (placed as PCollection<Wrapped<T>>) // as it was made above
    .apply(windowInto({ assign: (_, { window }: Wrapped<T>) => [window] }))
    .map(({ value }) => value);
}
