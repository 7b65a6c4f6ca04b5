import type { Trigger } from '../model/trigger.ts';

/**
 * Whether a trigger fires for the window's end, also if nothing has come since an early pane.
 *
 * @see Beam's TriggerFn.has_ontime_pane
 */
export function hasOnTimePane(trigger: Trigger): boolean {
  switch (trigger.kind) {
    case 'default':
    case 'afterWatermark':
      return true;
    case 'never':
    case 'always':
    case 'afterCount':
    case 'afterProcessingTime':
    case 'afterSynchronizedProcessingTime':
      return false;
    case 'repeatedly':
      return hasOnTimePane(trigger.trigger);
    case 'afterEach':
    case 'afterFirst':
    case 'afterAll':
      return trigger.triggers.some(hasOnTimePane);
    case 'orFinally':
      return hasOnTimePane(trigger.main) || hasOnTimePane(trigger.finally);
  }
}
