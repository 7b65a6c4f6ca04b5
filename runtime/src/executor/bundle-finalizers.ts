import { isBundleFinalizerParam, type BundleFinalizer } from '../model/bundle-finalizer.ts';
import { describeValue } from '../model/describe-value.ts';
import { userError, type OperatorOptions } from './operator.ts';
import { withProperties } from './with-properties.ts';

const EXPIRES_AFTER_MS = 300_000;

/** What is to be called when a bundle is committed. */
export interface CommitCallback {
  readonly expiresAfterMs: number;
  /** @throws {PipelineError} what the user's function threw, with the transform's name. */
  readonly call: () => Promise<void>;
}

/** Replaces the finalizers that a context asks for; all else is as it was given. */
export function bindFinalizers(
  context: object,
  options: Pick<OperatorOptions, 'name' | 'transform' | 'onCommit'>,
): object {
  const asked = Object.entries(context).filter(([, value]) => isBundleFinalizerParam(value));
  if (asked.length === 0) return context;
  const finalizer = finalizerOf(options);
  return withProperties(
    context,
    asked.map(([property]) => [property, finalizer]),
  );
}

function finalizerOf(options: Pick<OperatorOptions, 'name' | 'transform' | 'onCommit'>): BundleFinalizer {
  const { name, onCommit } = options;
  return {
    register(callback, { expiresAfterMs = EXPIRES_AFTER_MS } = {}) {
      const received: unknown = callback; // the types do not hold in plain JavaScript
      if (typeof received !== 'function') {
        throw new TypeError(
          `Cannot register a bundle finalizer in "${name}" as it must be a function: received ${describeValue(received)}`,
        );
      }
      if (!(expiresAfterMs >= 0)) {
        throw new RangeError(
          `Cannot register a bundle finalizer in "${name}" as expiresAfterMs must be a number of milliseconds: received ${describeValue(expiresAfterMs)}`,
        );
      }
      onCommit?.({
        expiresAfterMs,
        call: async () => {
          try {
            await callback();
          } catch (cause) {
            throw userError(options, 'a bundle finalizer', { cause });
          }
        },
      });
    },
  };
}
