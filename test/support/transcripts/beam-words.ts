import * as beam from 'millrace';
import type { PythonCall } from './python-call.ts';

/** A WindowFn as a transcript calls it; sizes are milliseconds here. */
export function windowFnOf({ name, args }: PythonCall): beam.WindowFn<unknown> {
  const [size = 0] = args.map(Number);
  switch (name) {
    case 'GlobalWindows':
      return beam.windows.global();
    case 'FixedWindows':
    case 'CustomTimestampingFixedWindowsWindowFn': // its times are of use for OUTPUT_AT_EARLIEST_TRANSFORMED alone
      return beam.windows.fixed(size);
    case 'Sessions':
      return beam.windows.sessions(size);
    default:
      throw new RangeError(`Cannot run a transcript as its WindowFn must be known: received ${name}`);
  }
}

/** A trigger as a transcript calls it. */
export function triggerOf(call: PythonCall | number): beam.Trigger {
  if (typeof call === 'number')
    throw new RangeError(`Cannot run a transcript: received ${call} for a trigger`);
  const { name, args, named } = call;
  const triggers = () => args.map(triggerOf);
  switch (name) {
    case 'Default':
    case 'DefaultTrigger':
      return beam.triggers.defaultTrigger();
    case 'AfterWatermark': {
      const { early, late } = named;
      return beam.triggers.afterWatermark({
        ...(early !== undefined && { early: triggerOf(early) }),
        ...(late !== undefined && { late: triggerOf(late) }),
      });
    }
    case 'AfterCount':
      return beam.triggers.afterCount(Number(args[0]));
    case 'AfterProcessingTime':
      return beam.triggers.afterProcessingTime(Number(args[0]) * 1000);
    case 'Always':
      return beam.triggers.always();
    case 'Repeatedly':
      return beam.triggers.repeatedly(triggerOf(args[0] ?? 0));
    case 'AfterEach':
      return beam.triggers.afterEach(...triggers());
    case 'AfterAny':
      return beam.triggers.afterFirst(...triggers());
    case 'AfterAll':
      return beam.triggers.afterAll(...triggers());
    default:
      throw new RangeError(`Cannot run a transcript as its trigger must be known: received ${name}`);
  }
}
