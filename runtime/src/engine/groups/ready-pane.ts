import type { PaneInfo } from '../../model/pane-info.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS, maxTimestamp, type BoundedWindow } from '../../model/window.ts';
import type { Cell } from './cell.ts';

/** A pane that is due. */
export interface ReadyPane {
  readonly key: unknown;
  /** What the accumulation holds for it. */
  held: unknown;
  /** Elements of which something is in memory. */
  inMemory: number;
  readonly timestamp: Timestamp;
  readonly windows: readonly BoundedWindow[];
  readonly pane: PaneInfo;
}

/** The next pane of a cell, which counts it. */
export function nextPane(
  cell: Cell,
  {
    isEarly,
    isOnTime,
    isLast,
    ...of
  }: Pick<ReadyPane, 'key' | 'held' | 'inMemory'> & {
    readonly isEarly: boolean;
    readonly isOnTime: boolean;
    readonly isLast: boolean;
  },
): ReadyPane {
  const pane: PaneInfo = Object.freeze({
    timing: isEarly ? 'early' : isOnTime ? 'onTime' : 'late',
    index: cell.panes,
    onTimeIndex: isEarly ? -1 : cell.onTimePanes,
    isFirst: cell.panes === 0,
    isLast,
  });
  cell.panes += 1;
  cell.hasLast ||= isLast;
  if (!isEarly) cell.onTimePanes += 1;
  cell.hasNew = false;
  return {
    ...of,
    timestamp: cell.time ?? maxTimestamp(cell.window),
    windows: cell.window.kind === 'global' ? GLOBAL_WINDOWS : [cell.window],
    pane,
  };
}
