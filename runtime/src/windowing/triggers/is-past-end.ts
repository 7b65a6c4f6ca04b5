import { maxTimestamp } from '../../model/window.ts';
import type { TriggerContext } from './trigger-machine.ts';

/** Whether the watermark has passed the window's end. */
export function isPastEnd({ window, watermark }: Pick<TriggerContext, 'window' | 'watermark'>): boolean {
  return maxTimestamp(window) < watermark;
}
