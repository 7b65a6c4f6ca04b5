/**
 * When the panes of a window are emitted, as data: Beam's Trigger. `beam.triggers` makes them; `windowing/triggers` runs
 * them. Delays are in milliseconds of processing time.
 */
export type Trigger =
  /** Once the watermark passes the end of the window, and again for late elements: `repeatedly(afterWatermark())`. */
  | { readonly kind: 'default' }
  | {
      readonly kind: 'afterWatermark';
      readonly early?: Trigger | undefined;
      readonly late?: Trigger | undefined;
    }
  | {
      readonly kind: 'afterProcessingTime';
      /** Since the first element of the pane. */
      readonly delay: number;
      /** Then up to the next multiple of the period, counted from the offset. */
      readonly alignTo?: { readonly period: number; readonly offset: number } | undefined;
    }
  /** What follows a grouping by afterProcessingTime: at once, as each pane comes. */
  | { readonly kind: 'afterSynchronizedProcessingTime' }
  | { readonly kind: 'afterCount'; readonly count: number }
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'repeatedly'; readonly trigger: Trigger }
  | { readonly kind: 'afterEach'; readonly triggers: readonly Trigger[] }
  | { readonly kind: 'afterFirst'; readonly triggers: readonly Trigger[] }
  | { readonly kind: 'afterAll'; readonly triggers: readonly Trigger[] }
  | { readonly kind: 'orFinally'; readonly main: Trigger; readonly finally: Trigger };

export const DEFAULT_TRIGGER: Trigger = Object.freeze({ kind: 'default' });

/**
 * The trigger of what a grouping gives: a later grouping emits its panes as soon as those of the first one come, without
 * waiting once more for the same thing.
 *
 * @see Beam's TriggerFn.get_continuation_trigger
 */
export function continuationTrigger(trigger: Trigger): Trigger {
  switch (trigger.kind) {
    case 'default':
    case 'always':
    case 'never':
    case 'afterSynchronizedProcessingTime':
      return trigger;
    case 'afterWatermark':
      return {
        kind: 'afterWatermark',
        ...(trigger.early && { early: continuationTrigger(trigger.early) }),
        ...(trigger.late && { late: continuationTrigger(trigger.late) }),
      };
    case 'afterProcessingTime':
      return { kind: 'afterSynchronizedProcessingTime' };
    case 'afterCount':
      return { kind: 'afterCount', count: 1 };
    case 'repeatedly':
      return { kind: 'repeatedly', trigger: continuationTrigger(trigger.trigger) };
    case 'afterEach':
      return {
        kind: 'repeatedly',
        trigger: { kind: 'afterFirst', triggers: trigger.triggers.map(continuationTrigger) },
      };
    case 'afterFirst':
    case 'afterAll':
      return { kind: trigger.kind, triggers: trigger.triggers.map(continuationTrigger) };
    case 'orFinally':
      return {
        kind: 'afterFirst',
        triggers: [continuationTrigger(trigger.main), continuationTrigger(trigger.finally)],
      };
  }
}
