import type { PaneInfo } from '../model/pane-info.ts';
import { END_OF_GLOBAL_WINDOW, MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow } from '../model/window.ts';

/** An event time, given in milliseconds since the epoch, as ISO 8601 in UTC. */
export function timestampText(timestamp: Timestamp): string {
  if (timestamp <= MIN_TIMESTAMP) return 'start of time';
  if (timestamp >= MAX_TIMESTAMP) return 'end of time';
  if (timestamp >= END_OF_GLOBAL_WINDOW) return 'end of global window';
  const date = new Date(timestamp);
  // Beam's time reaches further than a Date.
  return Number.isNaN(date.getTime()) ? `${timestamp} ms` : date.toISOString().replace('.000Z', 'Z');
}

/** "global", or "[2026-01-01T00:00:00Z, 00:01:00Z)": the day of the end is told where it is another one. */
export function windowText(window: BoundedWindow): string {
  switch (window.kind) {
    case 'global':
      return 'global';
    case 'interval':
      return intervalText(timestampText(window.start), timestampText(window.end));
  }
}

function intervalText(start: string, end: string): string {
  const [day, time] = end.split('T');
  return `[${start}, ${time !== undefined && start.startsWith(`${day}T`) ? time : end})`;
}

/** "onTime 0 (last)"; "–" for an element that went through no trigger. */
export function paneText(pane: PaneInfo): string {
  if (pane.timing === 'unknown') return '–';
  return `${pane.timing} ${pane.index}${pane.isLast ? ' (last)' : ''}`;
}
