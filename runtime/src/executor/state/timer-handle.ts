import { PipelineError } from '../../errors.ts';
import type { PaneInfo } from '../../model/pane-info.ts';
import type { SetTimerOptions, Timer, TimerFamily, TimerSpec } from '../../model/timer.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { KeyedState } from './user-state.ts';

/** What a timer is set for. */
export interface TimerContext {
  readonly state: KeyedState;
  /** The name that the context gives it. */
  readonly family: string;
  readonly domain: TimerSpec<unknown>['domain'];
  /** Of the element, or the timer, that is processed. */
  readonly timestamp: Timestamp;
  readonly pane: PaneInfo;
  /** When its window is over, with its lateness. */
  readonly expiry: Timestamp;
  readonly now: () => Timestamp;
  /** Full name of the transform, for errors. */
  readonly transform: string;
}

/** What a spec asks for: a timer, or timers by their tags. */
export function timerHandle({ isFamily }: TimerSpec<unknown>, context: TimerContext): Timer | TimerFamily {
  return isFamily ? { get: (tag: string) => timer(requireTag(tag, context), context) } : timer('', context);
}

function timer(tag: string, context: TimerContext): Timer {
  const { state, family, domain, pane, expiry, timestamp, transform } = context;
  const set = (fireTimestamp: Timestamp, { outputTimestamp }: SetTimerOptions = {}) => {
    const holdTimestamp = outputTimestamp ?? (domain === 'eventTime' ? fireTimestamp : timestamp);
    for (const time of [fireTimestamp, holdTimestamp]) requireTime(time, context);
    if (domain === 'eventTime' && fireTimestamp > expiry) {
      throw refuse(context, {
        must: `an event-time timer must fire before its window is over, ${iso(expiry)}`,
        received: iso(fireTimestamp),
        hint: 'Set it to the end of the window at the latest: maxTimestamp(window)',
      });
    }
    const isTooLate = holdTimestamp > expiry || (domain === 'eventTime' && holdTimestamp > fireTimestamp);
    if (outputTimestamp !== undefined && (outputTimestamp < timestamp || isTooLate)) {
      throw refuse(context, {
        must: `its output timestamp must be at or after that of the element that sets it, ${iso(timestamp)}, and not after the timer or its window`,
        received: iso(holdTimestamp),
        hint: 'What it emits would be late, or in no window: give another outputTimestamp',
      });
    }
    state.setTimer({ family, tag, set: { fireTimestamp, holdTimestamp, pane } });
  };
  return {
    set,
    setRelative(milliseconds, options) {
      if (domain !== 'processingTime') {
        throw new PipelineError(
          `Cannot set the timer "${family}" of "${transform}" by so many milliseconds from now as only processing time is known everywhere: received an event-time timer`,
          { transform, hint: "Set it to a timestamp: the element's, or the end of the window" },
        );
      }
      set(context.now() + milliseconds, options);
    },
    clear: () => state.setTimer({ family, tag, set: undefined }),
  };
}

function requireTime(time: unknown, context: TimerContext): void {
  if (Number.isInteger(time) && (time as number) >= MIN_TIMESTAMP && (time as number) <= MAX_TIMESTAMP)
    return;
  throw refuse(context, {
    must: 'a time must be a whole number of milliseconds since the epoch, within what Beam can hold',
    received: String(time),
    hint: 'A Date has it as getTime()',
  });
}

function requireTag(tag: unknown, context: TimerContext): string {
  if (typeof tag === 'string') return tag;
  throw refuse(context, {
    must: 'the tag of a timer must be a string',
    received: typeof tag,
    hint: 'Use String(…)',
  });
}

function refuse(
  { family, transform }: TimerContext,
  { must, received, hint }: { readonly must: string; readonly received: string; readonly hint: string },
): PipelineError {
  return new PipelineError(
    `Cannot set the timer "${family}" of "${transform}" as ${must}: received ${received}`,
    {
      transform,
      hint,
    },
  );
}

function iso(time: Timestamp): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
