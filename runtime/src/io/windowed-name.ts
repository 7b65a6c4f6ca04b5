import type { PaneInfo } from '../model/pane-info.ts';
import type { BoundedWindow } from '../model/window.ts';

/**
 * The part of a file's name before its shard, with window and pane: "words-2026-01-01T00:00:00.000Z-…-pane-0-late".
 *
 * @see Beam Java's DefaultFilenamePolicy, whose order this is
 */
export function windowedBase(base: string, window: BoundedWindow, pane: PaneInfo): string {
  const name = 'start' in window ? `${timeText(window.start)}-${timeText(window.end)}` : 'GlobalWindow';
  const { index, isFirst, isLast } = pane;
  const which = `${isFirst ? '-first' : ''}${isLast ? '-last' : ''}`;
  return `${base === '' ? '' : `${base}-`}${name}-pane-${index}${which}`;
}

/** Event time as text; beyond the years that a Date has, milliseconds. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
