import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Trigger } from '../../model/trigger.ts';
import { TriggerSchema, type Trigger as TriggerProto } from '../../proto/runner-api.ts';

/** A trigger as runners take it. */
export function triggerToProto(trigger: Trigger): TriggerProto {
  return create(TriggerSchema, { trigger: kindOf(trigger) });
}

function kindOf(trigger: Trigger): NonNullable<MessageInitShape<typeof TriggerSchema>['trigger']> {
  switch (trigger.kind) {
    case 'default':
    case 'always':
    case 'never':
    case 'afterSynchronizedProcessingTime':
      return { case: trigger.kind, value: {} };
    case 'afterWatermark': {
      const { early, late } = trigger;
      return {
        case: 'afterEndOfWindow',
        value: {
          ...(early && { earlyFirings: triggerToProto(early) }),
          ...(late && { lateFirings: triggerToProto(late) }),
        },
      };
    }
    case 'afterProcessingTime': {
      const { delay, alignTo } = trigger;
      const timestampTransforms = [
        { timestampTransform: { case: 'delay' as const, value: { delayMillis: BigInt(delay) } } },
        ...(alignTo === undefined
          ? []
          : [
              {
                timestampTransform: {
                  case: 'alignTo' as const,
                  value: { period: BigInt(alignTo.period), offset: BigInt(alignTo.offset) },
                },
              },
            ]),
      ];
      return { case: 'afterProcessingTime', value: { timestampTransforms } };
    }
    case 'afterCount':
      return { case: 'elementCount', value: { elementCount: trigger.count } };
    case 'repeatedly':
      return { case: 'repeat', value: { subtrigger: triggerToProto(trigger.trigger) } };
    case 'afterEach':
    case 'afterAll':
      return { case: trigger.kind, value: { subtriggers: trigger.triggers.map(triggerToProto) } };
    case 'afterFirst':
      return { case: 'afterAny', value: { subtriggers: trigger.triggers.map(triggerToProto) } };
    case 'orFinally':
      return {
        case: 'orFinally',
        value: { main: triggerToProto(trigger.main), finally: triggerToProto(trigger.finally) },
      };
  }
}
