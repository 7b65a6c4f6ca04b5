import { PipelineError } from '../../errors.ts';
import type { PCollection } from '../../model/pcollection.ts';
import { windowParam } from '../../model/par-do-param.ts';
import { DEFAULT_TRIGGER } from '../../model/trigger.ts';
import type { BoundedWindow } from '../../model/window.ts';
import type { WindowFn } from '../../model/window-fn.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import { combineGlobally } from '../combine-globally.ts';
import { windowInto } from '../window-into.ts';

/** How many elements there are, and how many of them are bad. */
export type Outcomes = readonly [all: number, bad: number];

/** Fails the pipeline when the elements of a window are there and more than `threshold` of them are bad; gives nothing. */
export function checkThreshold(
  outcomes: PCollection<Outcomes>,
  { threshold, transform }: { readonly threshold: number; readonly transform: string },
): PCollection<never> {
  const { windowing } = outcomes;
  const isWhole = countsWhole(windowing);
  const whole = isWhole
    ? outcomes
    : outcomes.apply(windowInto(requireStandard(windowing, transform), wholeWindows(windowing)));
  const check = whole.apply(combineGlobally(addOutcomes, { withoutDefaults: true })).flatMap(
    function checkOutcomes([all, bad], { window }): readonly never[] {
      if (bad > all * threshold) throw tooManyBad({ all, bad, threshold, transform }, window.lookup());
      return [];
    },
    { window: windowParam() },
  );
  // It goes on beside the elements: in windows of the very same kind.
  return isWhole
    ? check
    : check.apply(
        windowInto(requireStandard(windowing, transform), { ...windowing, allowUnsafeTrigger: true }),
      );
}

/** True if a count of a window has all of its elements: a part of them might have too many bad ones by chance. */
function countsWhole({ trigger, allowedLateness, accumulationMode }: WindowingStrategy): boolean {
  return trigger.kind === 'default' && (allowedLateness === 0 || accumulationMode === 'accumulating');
}

/** A count is put in the windows of the elements by its timestamp; a WindowFn of the user's may look at the elements themselves. */
function requireStandard({ windowFn }: WindowingStrategy, transform: string): WindowFn<unknown> {
  if (windowFn.standard !== undefined) return windowFn as WindowFn<unknown>; // it looks at timestamps only
  throw new PipelineError(
    `Cannot count the bad elements of "${transform}" as windows with a trigger or late elements must be fixed, sliding, sessions or global: received ${windowFn.name ?? 'a WindowFn'}`,
    { transform, hint: 'Leave threshold out, or apply it before the elements are put in these windows' },
  );
}

function wholeWindows({ allowedLateness }: WindowingStrategy) {
  return { trigger: DEFAULT_TRIGGER, accumulationMode: 'accumulating', allowedLateness } as const;
}

function addOutcomes([all, bad]: Outcomes, [more, moreBad]: Outcomes): Outcomes {
  return [all + more, bad + moreBad];
}

function tooManyBad(
  {
    all,
    bad,
    threshold,
    transform,
  }: {
    readonly all: number;
    readonly bad: number;
    readonly threshold: number;
    readonly transform: string;
  },
  window: BoundedWindow,
): PipelineError {
  const of =
    window.kind === 'global'
      ? 'all elements'
      : `the elements of the window from ${timeText(window.start)} to ${timeText(window.end)}`;
  return new PipelineError(
    `Cannot go on after "${transform}" as at most ${threshold} of ${of} may be bad: received ${bad} bad of ${all}, which is ${bad / all}`,
    { transform, hint: 'Look at its output "bad", which has each of them with its error' },
  );
}

function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}
