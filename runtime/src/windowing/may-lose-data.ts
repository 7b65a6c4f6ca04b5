import type { Trigger } from '../model/trigger.ts';

/**
 * Whether a trigger may finish while its window still takes elements: these would be dropped.
 *
 * @param allowedLateness Milliseconds.
 * @see Beam's TriggerFn.may_lose_data
 */
export function mayLoseData(trigger: Trigger, allowedLateness: number): boolean {
  switch (trigger.kind) {
    case 'default':
    case 'always':
    case 'never':
    case 'repeatedly':
    case 'afterSynchronizedProcessingTime':
      return false;
    case 'afterWatermark':
      return allowedLateness > 0 && trigger.late === undefined;
    case 'afterProcessingTime':
    case 'afterCount':
      return true;
    case 'afterFirst':
      return trigger.triggers.some((each) => mayLoseData(each, allowedLateness));
    case 'afterAll':
    case 'afterEach':
      return trigger.triggers.every((each) => mayLoseData(each, allowedLateness));
    case 'orFinally':
      return [trigger.main, trigger.finally].some((each) => mayLoseData(each, allowedLateness));
  }
}
