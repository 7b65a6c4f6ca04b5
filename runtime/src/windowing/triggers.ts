/** Beam's triggers: `beam.triggers.afterWatermark({ early: beam.triggers.afterCount(100) })`. */
import { DEFAULT_TRIGGER, type Trigger } from '../model/trigger.ts';
import { durationMs, type Duration } from './duration.ts';

/** Once the watermark passes the end of the window, and again whenever late elements come: what windows have by default. */
export function defaultTrigger(): Trigger {
  return DEFAULT_TRIGGER;
}

/**
 * Once the watermark passes the end of the window; before and after that as often as `early` and `late` say, each of which is
 * repeated. Without `late`, late elements are not emitted.
 */
export function afterWatermark({
  early,
  late,
}: { readonly early?: Trigger; readonly late?: Trigger } = {}): Trigger {
  for (const each of [early, late]) if (each !== undefined) requireTrigger(each, 'afterWatermark');
  return Object.freeze({ kind: 'afterWatermark', ...(early && { early }), ...(late && { late }) });
}

/**
 * Once, so long after the first element of a pane came, by the clock of the machine.
 *
 * @param options.alignTo Then waits for the next multiple of a period, counted from an offset since the epoch.
 * @throws {RangeError} for a negative delay, or a period that is not positive.
 */
export function afterProcessingTime(
  delay: Duration,
  { alignTo }: { readonly alignTo?: { readonly period: Duration; readonly offset?: Duration } } = {},
): Trigger {
  const action = 'trigger after processing time as';
  return Object.freeze({
    kind: 'afterProcessingTime',
    delay: durationMs(delay, { action: `${action} delay` }),
    ...(alignTo && {
      alignTo: {
        period: durationMs(alignTo.period, { action: `${action} period`, least: 1 }),
        offset: durationMs(alignTo.offset ?? 0, { action: `${action} offset` }),
      },
    }),
  });
}

/**
 * Once so many elements are there.
 *
 * @throws {RangeError} if `count` is not a positive integer.
 */
export function afterCount(count: number): Trigger {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot trigger after a count as it must be a positive integer: received ${count}`);
  }
  return Object.freeze({ kind: 'afterCount', count });
}

/** Again and again: for each bundle that brought elements. */
export function always(): Trigger {
  return Object.freeze({ kind: 'always' });
}

/** Not before the window's end and its lateness are over; then what is there comes out. */
export function never(): Trigger {
  return Object.freeze({ kind: 'never' });
}

/** Starts `trigger` over each time that it has fired. */
export function repeatedly(trigger: Trigger): Trigger {
  return Object.freeze({ kind: 'repeatedly', trigger: requireTrigger(trigger, 'repeatedly') });
}

/** Each of them in turn, until the last has fired. */
export function afterEach(...triggers: readonly Trigger[]): Trigger {
  return combined('afterEach', triggers);
}

/** Once the first of them fires: Beam's AfterAny, AfterFirst. */
export function afterFirst(...triggers: readonly Trigger[]): Trigger {
  return combined('afterFirst', triggers);
}

/** Once all of them would have fired. */
export function afterAll(...triggers: readonly Trigger[]): Trigger {
  return combined('afterAll', triggers);
}

/** As `main` says, until `until` fires: then once more, and never again. */
export function orFinally(main: Trigger, until: Trigger): Trigger {
  return Object.freeze({
    kind: 'orFinally',
    main: requireTrigger(main, 'orFinally'),
    finally: requireTrigger(until, 'orFinally'),
  });
}

function combined(kind: 'afterEach' | 'afterFirst' | 'afterAll', triggers: readonly Trigger[]): Trigger {
  if (triggers.length === 0) {
    throw new RangeError(`Cannot combine triggers as ${kind} takes at least one: received none`);
  }
  return Object.freeze({
    kind,
    triggers: Object.freeze(triggers.map((trigger) => requireTrigger(trigger, kind))),
  });
}

function requireTrigger(trigger: Trigger, action: string): Trigger {
  const received: unknown = trigger; // the types do not hold in plain JavaScript
  if (typeof received === 'object' && received !== null && 'kind' in received) return trigger;
  throw new TypeError(
    `Cannot combine triggers as ${action} takes what beam.triggers makes: received ${typeof received === 'function' ? 'a function; call it: afterWatermark()' : typeof received}`,
  );
}
