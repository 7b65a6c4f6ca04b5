/** How a PCollection's elements are grouped in event time. Only the global window exists so far. */
export interface WindowingStrategy {
  readonly windowFn: { readonly kind: 'global' };
}

/** What every PCollection has until `windowInto` says otherwise. */
export const GLOBAL_WINDOWING: WindowingStrategy = Object.freeze({
  windowFn: Object.freeze({ kind: 'global' }),
});
