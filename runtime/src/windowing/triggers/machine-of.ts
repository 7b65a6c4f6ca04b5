import type { Trigger } from '../../model/trigger.ts';
import { afterCountMachine } from './after-count.ts';
import { afterEachMachine } from './after-each.ts';
import { afterProcessingTimeMachine } from './after-processing-time.ts';
import { afterWatermarkMachine } from './after-watermark.ts';
import { ALWAYS_MACHINE } from './always.ts';
import { DEFAULT_MACHINE } from './default-trigger.ts';
import { NEVER_MACHINE } from './never.ts';
import { parallelMachine } from './parallel.ts';
import { repeatedlyMachine } from './repeatedly.ts';
import type { TriggerMachine } from './trigger-machine.ts';

/** The state machine of a trigger. Its states go back to it alone, so nobody else need know what they are. */
export function machineOf(trigger: Trigger): TriggerMachine {
  switch (trigger.kind) {
    case 'default':
      return DEFAULT_MACHINE;
    case 'always':
    case 'afterSynchronizedProcessingTime':
      return ALWAYS_MACHINE;
    case 'never':
      return NEVER_MACHINE;
    case 'afterCount':
      return afterCountMachine(trigger.count);
    case 'afterProcessingTime':
      return afterProcessingTimeMachine(trigger);
    case 'afterWatermark':
      return afterWatermarkMachine({
        early: trigger.early && machineOf(trigger.early),
        late: trigger.late && machineOf(trigger.late),
      });
    case 'repeatedly':
      return repeatedlyMachine(machineOf(trigger.trigger));
    case 'afterEach':
      return afterEachMachine(trigger.triggers.map(machineOf));
    case 'afterFirst':
      return parallelMachine(trigger.triggers.map(machineOf), 'any');
    case 'afterAll':
      return parallelMachine(trigger.triggers.map(machineOf), 'all');
    case 'orFinally':
      return parallelMachine([trigger.main, trigger.finally].map(machineOf), 'any');
  }
}
