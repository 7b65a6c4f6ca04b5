import type { ParDoParam } from './par-do-param.ts';

/** Takes what is to be called when what a bundle has made is safe. */
export interface BundleFinalizer {
  /**
   * Has a function called once all that the bundle emits has been taken and is kept: to acknowledge what was read, say.
   *
   * Here in the notebook that is when the bundle has ended. A runner calls it when it has committed the bundle (Flink: with the
   * next checkpoint), and need not: after a failure, or `expiresAfterMs` (five minutes unless told otherwise), it never does.
   *
   * @throws {TypeError} if it is no function. @throws {RangeError} if the time is none.
   */
  register(callback: () => void | PromiseLike<void>, options?: { readonly expiresAfterMs?: number }): void;
}

/**
 * Asks for the finalizer of the bundle that an element is in: `{ finalizer: beam.bundleFinalizerParam() }`, and in process
 * `finalizer.register(() => queue.acknowledge(id))`.
 *
 * What its callback throws fails the run here; on a runner it is logged as an error, as the bundle is done.
 *
 * @see Beam Python's DoFn.BundleFinalizerParam
 */
export function bundleFinalizerParam(): ParDoParam<BundleFinalizer> {
  return { paramKind: 'bundleFinalizer', name: 'bundle finalizer' };
}

/** True for a context that asks for it. */
export function asksForFinalizer(context: object): boolean {
  return Object.values(context).some(isBundleFinalizerParam);
}

export function isBundleFinalizerParam(value: unknown): value is ParDoParam<BundleFinalizer> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'paramKind' in value &&
    value.paramKind === 'bundleFinalizer'
  );
}
