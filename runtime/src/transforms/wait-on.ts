import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { iterableSideInput } from '../model/side-input.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Gives each element when others are there: when the windows that its own window ends in are complete in each of `signals`.
 *
 * `rows.apply(waitOn(written))` goes on with rows only after all of `written`, whose elements are of no further use.
 *
 * @see Beam Java's Wait.on
 */
export function waitOn<T>(
  ...signals: readonly PCollection<unknown>[]
): PTransform<PCollection<T>, PCollection<T>> {
  const name = 'WaitOn';
  if (signals.length === 0) {
    throw new TypeError('Cannot wait as there must be a PCollection to wait for: received none');
  }
  const waits = Object.fromEntries(
    signals.map((signal, index) => {
      // What is waited for may be large, and nothing of it is looked at.
      const nothing = requirePCollection(signal, name).filter(() => false);
      return [`signal${index + 1}`, iterableSideInput(nothing)];
    }),
  );
  return { name, expand: (input) => requirePCollection(input, name).map((element) => element, waits) };
}
