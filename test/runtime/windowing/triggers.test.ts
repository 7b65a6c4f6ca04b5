import { expect, test } from 'vitest';
import { triggers, type Trigger } from '../../../runtime/src/index.ts';
import { triggerText } from '../../../runtime/src/windowing/trigger-text.ts';
import { machineOf } from '../../../runtime/src/windowing/triggers/machine-of.ts';
import type { TriggerContext } from '../../../runtime/src/windowing/triggers/trigger-machine.ts';

const { afterCount, afterEach, afterFirst, afterProcessingTime, afterWatermark, orFinally, repeatedly } =
  triggers;

/** What happens to a trigger: an element, the watermark or the clock comes to a time. */
type Happening = 'element' | { readonly watermark: number } | { readonly clock: number };
const element = 'element';

/**
 * Plays what happens to a trigger on the window [0, 10): a letter for each, "-" for nothing, "f" where it fires, "F" where it
 * fires and has finished.
 */
function play(trigger: Trigger, happenings: readonly Happening[]): string {
  const machine = machineOf(trigger);
  let context: TriggerContext = {
    window: { kind: 'interval', start: 0, end: 10 },
    watermark: -1,
    processingTime: 0,
  };
  let state = machine.initial;
  let isFinished = false;
  return happenings
    .map((happening) => {
      if (isFinished) return '-';
      if (happening === 'element') state = machine.onElement(state, context);
      else if ('watermark' in happening) context = { ...context, ...happening };
      else context = { ...context, processingTime: happening.clock };
      if (!machine.shouldFire(state, context)) return '-';
      ({ state, isFinished } = machine.fire(state, context));
      return isFinished ? 'F' : 'f';
    })
    .join('');
}

const end = { watermark: 10 };

test.each<{ readonly trigger: Trigger; readonly happenings: readonly Happening[]; readonly want: string }>([
  { trigger: triggers.defaultTrigger(), happenings: [element, { watermark: 9 }, end, element], want: '--ff' },
  { trigger: triggers.always(), happenings: [element, element], want: 'ff' },
  { trigger: triggers.never(), happenings: [element, end, element], want: '---' },
  { trigger: afterCount(2), happenings: [element, element, element], want: '-F-' },
  { trigger: repeatedly(afterCount(2)), happenings: [element, element, element, element], want: '-f-f' },
  { trigger: afterWatermark(), happenings: [element, { watermark: 9 }, end, element], want: '--F-' },
  {
    trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
    happenings: [element, element, element, end, element],
    want: '-f-ff',
  },
  {
    trigger: afterWatermark({ late: afterCount(2) }),
    happenings: [element, element, end, element, element, element, element],
    want: '--f-f-f',
  },
  {
    trigger: afterProcessingTime(5),
    happenings: [{ clock: 3 }, element, { clock: 7 }, { clock: 8 }],
    want: '---F',
  },
  { trigger: afterEach(afterCount(1), afterCount(2)), happenings: [element, element, element], want: 'f-F' },
  {
    // The second does not count what the first has taken.
    trigger: afterEach(afterCount(2), afterWatermark()),
    happenings: [element, element, element, end],
    want: '-f-F',
  },
  {
    trigger: afterFirst(afterCount(3), afterProcessingTime(5)),
    happenings: [element, { clock: 5 }, element],
    want: '-F-',
  },
  {
    trigger: triggers.afterAll(afterCount(2), afterProcessingTime(5)),
    happenings: [element, { clock: 5 }, element],
    want: '--F',
  },
  {
    trigger: orFinally(repeatedly(afterCount(1)), afterWatermark()),
    happenings: [element, element, end, element],
    want: 'ffF-',
  },
  {
    trigger: repeatedly(orFinally(repeatedly(afterCount(1)), afterCount(2))),
    happenings: [element, element, element],
    want: 'fff',
  },
])('a machine of $trigger fires: $want', ({ trigger, happenings, want }) => {
  expect(play(trigger, happenings)).toBe(want);
});

test.each([
  { name: 'no alignment', trigger: afterProcessingTime(5), want: 105 },
  { name: 'an alignment', trigger: afterProcessingTime(5, { alignTo: { period: 60 } }), want: 120 },
  { name: 'one that it meets', trigger: afterProcessingTime(20, { alignTo: { period: 60 } }), want: 120 },
  {
    name: 'one with an offset',
    trigger: afterProcessingTime(5, { alignTo: { period: 60, offset: 50 } }),
    want: 110,
  },
])('afterProcessingTime() says when it is due, with $name', ({ trigger, want }) => {
  const machine = machineOf(trigger);
  const context: TriggerContext = { window: { kind: 'global' }, watermark: 0, processingTime: 100 };
  expect(machine.dueAt(machine.initial)).toBeUndefined();
  const state = machine.onElement(machine.initial, context);
  expect(machine.dueAt(state)).toBe(want);
  expect(machine.dueAt(machine.onElement(state, { ...context, processingTime: 103 }))).toBe(want);
});

test.each([
  { name: 'afterCount adds up', trigger: afterCount(3), elements: [1, 2], want: true },
  { name: 'afterCount has not enough', trigger: afterCount(4), elements: [1, 2], want: false },
  {
    name: 'afterEach goes on with the furthest',
    trigger: afterEach(afterCount(1), afterCount(9)),
    elements: [1, 0],
    want: false,
  },
])('a machine of windows that merge: $name', ({ trigger, elements, want }) => {
  const machine = machineOf(trigger);
  const context: TriggerContext = {
    window: { kind: 'interval', start: 0, end: 10 },
    watermark: -1,
    processingTime: 0,
  };
  const states = elements.map((count) => {
    let state = machine.initial;
    for (let index = 0; index < count; index++) {
      state = machine.onElement(state, context);
      if (trigger.kind === 'afterEach' && machine.shouldFire(state, context))
        ({ state } = machine.fire(state, context));
    }
    return state;
  });
  expect(machine.shouldFire(machine.onMerge(states, context), context)).toBe(want);
});

test('afterWatermark() has its on-time pane still to come, when a session grows past the watermark', () => {
  const machine = machineOf(afterWatermark({ late: afterCount(1) }));
  const small = {
    window: { kind: 'interval' as const, start: 0, end: 10 },
    watermark: 10,
    processingTime: 0,
  };
  const { state: late } = machine.fire(machine.initial, small);
  const grown = { ...small, window: { kind: 'interval' as const, start: 0, end: 20 } };
  const merged = machine.onMerge([late, machine.initial], grown);
  expect(machine.shouldFire(merged, grown)).toBe(false);
  expect(machine.shouldFire(merged, { ...grown, watermark: 20 })).toBe(true);
});

test.each<{ readonly trigger: Trigger; readonly want: string }>([
  { trigger: afterWatermark(), want: 'afterWatermark()' },
  { trigger: afterWatermark({ early: afterCount(3) }), want: 'afterWatermark({ early: afterCount(3) })' },
  {
    trigger: orFinally(repeatedly(afterCount(1)), triggers.never()),
    want: 'orFinally(repeatedly(afterCount(1)), never())',
  },
  {
    trigger: afterFirst(afterProcessingTime({ minutes: 1 }), triggers.always()),
    want: 'afterFirst(afterProcessingTime(60000), always())',
  },
])('triggerText() writes $want', ({ trigger, want }) => {
  expect(triggerText(trigger)).toBe(want);
});

test.each([
  { make: () => afterCount(0), error: RangeError, want: 'must be a positive integer: received 0' },
  { make: () => afterCount(1.5), error: RangeError, want: 'received 1.5' },
  { make: () => afterProcessingTime(-1), error: RangeError, want: 'after processing time as delay must be' },
  {
    make: () => afterProcessingTime(1, { alignTo: { period: 0 } }),
    error: RangeError,
    want: 'period must be',
  },
  { make: () => afterFirst(), error: RangeError, want: 'afterFirst takes at least one: received none' },
  { make: () => repeatedly(afterCount as never), error: TypeError, want: 'received a function; call it' },
  { make: () => afterWatermark({ early: 3 as never }), error: TypeError, want: 'what beam.triggers makes' },
])('triggers refuse: $want', ({ make, error, want }) => {
  expect(make).toThrow(error);
  expect(make).toThrow(want);
});
