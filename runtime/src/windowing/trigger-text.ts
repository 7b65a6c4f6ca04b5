import type { Trigger } from '../model/trigger.ts';

/** A trigger as one writes it: "repeatedly(afterCount(3))". */
export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'default':
      return 'defaultTrigger()';
    case 'always':
    case 'never':
    case 'afterSynchronizedProcessingTime':
      return `${trigger.kind}()`;
    case 'afterWatermark': {
      const parts = (['early', 'late'] as const).flatMap((name) => {
        const part = trigger[name];
        return part === undefined ? [] : [`${name}: ${triggerText(part)}`];
      });
      return parts.length === 0 ? 'afterWatermark()' : `afterWatermark({ ${parts.join(', ')} })`;
    }
    case 'afterProcessingTime':
      return `afterProcessingTime(${trigger.delay})`;
    case 'afterCount':
      return `afterCount(${trigger.count})`;
    case 'repeatedly':
      return `repeatedly(${triggerText(trigger.trigger)})`;
    case 'afterEach':
    case 'afterFirst':
    case 'afterAll':
      return `${trigger.kind}(${trigger.triggers.map(triggerText).join(', ')})`;
    case 'orFinally':
      return `orFinally(${triggerText(trigger.main)}, ${triggerText(trigger.finally)})`;
  }
}
