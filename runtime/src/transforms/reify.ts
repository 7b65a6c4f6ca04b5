import type { PaneInfo } from '../model/pane-info.ts';
import { paneInfoParam, timestampParam, windowParam, type ElementParam } from '../model/par-do-param.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow } from '../model/window.ts';
import { requirePCollection } from './require-input.ts';

/** An element with what the model knows of it, as a plain value. */
export interface Reified<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly timestamp: Timestamp;
  readonly window: BoundedWindow;
  readonly pane: PaneInfo;
}

interface Params {
  readonly timestamp: ElementParam<Timestamp>;
  readonly window: ElementParam<BoundedWindow>;
  readonly pane: ElementParam<PaneInfo>;
}

/**
 * Makes timestamp, window and pane a part of each element: to look at them, to write them, to compute with them.
 *
 * - Shape: one { value, timestamp, window, pane } for each window that an element is in. They stay in their windows.
 */
export function reify<T>(): PTransform<PCollection<T>, PCollection<Reified<T>>> {
  return {
    name: 'Reify',
    expand: (input) =>
      requirePCollection(input, 'Reify').map(reified<T>, {
        timestamp: timestampParam(),
        window: windowParam(),
        pane: paneInfoParam(),
      }),
  };
}

function reified<T>(value: T, { timestamp, window, pane }: Params): Reified<T> {
  return { value, timestamp: timestamp.lookup(), window: window.lookup(), pane: pane.lookup() };
}
