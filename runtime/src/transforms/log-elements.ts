import { elementText } from '../model/element-text.ts';
import type { PaneInfo } from '../model/pane-info.ts';
import { paneInfoParam, timestampParam, windowParam, type ElementParam } from '../model/par-do-param.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow } from '../model/window.ts';
import { requirePCollection } from './require-input.ts';
import { requireOptions } from './require-options.ts';

/** What logElements writes. */
export interface LogElementsOptions {
  /** Put before each element; nothing, unless told otherwise. */
  readonly prefix?: string;
  readonly withTimestamp?: boolean;
  readonly withWindow?: boolean;
  readonly withPaneInfo?: boolean;
  /** Which method of the console; "log" unless told otherwise. */
  readonly level?: 'debug' | 'info' | 'log' | 'warn' | 'error';
}

const OPTIONS = ['prefix', 'withTimestamp', 'withWindow', 'withPaneInfo', 'level'];
const LEVELS = ['debug', 'info', 'log', 'warn', 'error'];

interface Params {
  readonly timestamp: ElementParam<Timestamp>;
  readonly window: ElementParam<BoundedWindow>;
  readonly pane: ElementParam<PaneInfo>;
}

/**
 * Writes each element to the console, once for each window that it is in, and passes it on: `lines.apply(logElements({ prefix: '> ' }))`.
 *
 * Strings are written as they are, objects as JSON of at most 160 characters. Where the pipeline runs on a runner's workers it is their
 * log that has the lines.
 *
 * @throws {TypeError} for an option that is not known.
 * @throws {RangeError} for a level that is not known.
 */
export function logElements<T>(options: LogElementsOptions = {}): PTransform<PCollection<T>, PCollection<T>> {
  const {
    prefix = '',
    withTimestamp,
    withWindow,
    withPaneInfo,
    level = 'log',
  } = requireOptions(options, 'log elements', OPTIONS);
  if (!LEVELS.includes(level)) {
    throw new RangeError(
      `Cannot log elements as level must be one of ${LEVELS.join(', ')}: received ${level}`,
    );
  }
  const log = (element: T, { timestamp, window, pane }: Params): T => {
    const parts = [prefix + (typeof element === 'string' ? element : elementText(element))];
    if (withTimestamp === true) parts.push(`timestamp=${timeText(timestamp.lookup())}`);
    if (withWindow === true) parts.push(windowText(window.lookup()));
    if (withPaneInfo === true) parts.push(`pane_info=${JSON.stringify(pane.lookup())}`);
    console[level](parts.join(', '));
    return element;
  };
  return {
    name: 'LogElements',
    expand: (input) =>
      requirePCollection(input, 'LogElements').map(log, {
        timestamp: timestampParam(),
        window: windowParam(),
        pane: paneInfoParam(),
      }),
  };
}

function windowText(window: BoundedWindow): string {
  if (window.kind === 'global') return 'window(global)';
  return `window(start=${timeText(window.start)}, end=${timeText(window.end)})`;
}

/** As ISO 8601, or in milliseconds where that has no words for it, as at the ends of event time. */
function timeText(timestamp: Timestamp): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? String(timestamp) : date.toISOString();
}
