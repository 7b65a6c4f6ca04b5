import { PipelineError } from '../errors.ts';
import type { PCollection } from '../model/pcollection.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Gives the PCollection that a grouping was applied to.
 *
 * @throws {TypeError} for what is none. @throws {PipelineError} for one whose groups would never be complete: it need not
 *   end, and all of it is in one window that waits for its end.
 */
export function requireGroupable<T>(input: PCollection<T>, label: string): PCollection<T> {
  const { isBounded, windowing } = requirePCollection(input, label);
  const waitsForEnd = windowing.windowFn.standard?.kind === 'global' && windowing.trigger.kind === 'default';
  if (isBounded || !waitsForEnd) return input;
  throw new PipelineError(
    `Cannot group in "${label}" as its input must end, or be in windows or have a trigger: received one that need not end, ` +
      'in the global window with the default trigger',
    {
      transform: label,
      hint: 'Apply windowInto first, such as windowInto(beam.windows.fixed({ minutes: 1 }))',
    },
  );
}
