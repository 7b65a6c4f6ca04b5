import type { Trigger } from '../model/trigger.ts';
import type { WindowingStrategy } from '../model/windowing-strategy.ts';

/**
 * Whether the inputs of a combine may be added up, bundle by bundle, before they are grouped: not where a trigger counts
 * them one by one. Where windows merge they might be, but hardly two of them are in the same window before.
 *
 * @see Beam's is_compatible_with_combiner_lifting (Python, fn_api_runner/translations.py)
 */
export function mayLift({ windowFn, trigger }: WindowingStrategy): boolean {
  const isMerging = windowFn.merge !== undefined || windowFn.standard?.kind === 'sessions';
  return !isMerging && ignoresCounts(trigger);
}

function ignoresCounts(trigger: Trigger | undefined): boolean {
  switch (trigger?.kind) {
    case undefined:
    case 'default':
    case 'always':
    case 'never':
    case 'afterProcessingTime':
    case 'afterSynchronizedProcessingTime':
      return true;
    case 'afterCount':
      return trigger.count === 1;
    case 'afterWatermark':
      return ignoresCounts(trigger.early) && ignoresCounts(trigger.late);
    case 'repeatedly':
      return ignoresCounts(trigger.trigger);
    case 'afterEach':
    case 'afterFirst':
    case 'afterAll':
      return trigger.triggers.every(ignoresCounts);
    case 'orFinally':
      return ignoresCounts(trigger.main) && ignoresCounts(trigger.finally);
  }
}
