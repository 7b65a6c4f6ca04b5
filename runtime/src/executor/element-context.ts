import { PipelineError } from '../errors.ts';
import { isBundleFinalizerParam } from '../model/bundle-finalizer.ts';
import { isParDoParam, type ElementParam, type ParDoParam } from '../model/par-do-param.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { isSideInput } from '../model/side-input.ts';
import type { PaneInfo } from '../model/pane-info.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { isRestrictionParam } from '../model/restriction.ts';
import { isStateSpec } from '../model/state.ts';
import { isTimerSpec } from '../model/timer.ts';
import { GLOBAL_WINDOW, type BoundedWindow } from '../model/window.ts';
import { isWatermarkEstimatorParam } from '../model/watermark-estimator.ts';
import { bindFinalizers } from './bundle-finalizers.ts';
import { bindMetrics } from './metrics.ts';
import type { OperatorOptions } from './operator.ts';
import { SideInputViews } from './side-input-views.ts';
import type { RunningRestriction } from './splittable/running-restriction.ts';
import { stateLookup } from './state/state-lookup.ts';

/** Gives what a user's function is called with beside the element. */
export interface ElementContext {
  /** True if the function is called once for each window of an element that is in several. */
  readonly isPerWindow: boolean;
  /** The context for all elements, if it asks for nothing that is an element's own. */
  readonly fixed: object | undefined;
  /** The context where there is no element: what belongs to one says so when it is looked up. */
  readonly bundle: object;
  /** The context for one element; its key where it asks for state, the restriction that it is called for where it asks for one. */
  of(
    timestamp: Timestamp,
    windows: readonly BoundedWindow[],
    pane: PaneInfo,
    of?: { readonly key?: unknown; readonly running?: RunningRestriction | undefined },
  ): object;
}

type Element = Parameters<Receiver>;

/** What a Receiver takes beside the value. */
export type Rest = Element extends [unknown, ...infer R] ? R : never;

/** What differs from window to window. */
const PER_WINDOW: ReadonlySet<ParDoParam<unknown>['paramKind']> = new Set([
  'window',
  'sideInput',
  'state',
  'timer',
]);

/** True for a context that asks for what differs from window to window. */
export function looksAtWindows(context: object): boolean {
  return Object.values(context).some((value) => isParDoParam(value) && PER_WINDOW.has(value.paramKind));
}

/** True if a context asks for what is an element's own: its timestamp or window, side inputs, state. */
export function asksForElement(context: object): boolean {
  return askedOf(context).length > 0;
}

function askedOf(context: object): [string, ParDoParam<ElementParam<unknown>>][] {
  return Object.entries(context).filter(
    (entry): entry is [string, ParDoParam<ElementParam<unknown>>] =>
      isParDoParam(entry[1]) && entry[1].paramKind !== 'metric' && !isBundleFinalizerParam(entry[1]),
  );
}

/** Gives a context to a user's function: what it asks for is bound, all else is as it was given. */
export function elementContext(
  context: object,
  options: Pick<OperatorOptions, 'name' | 'transform' | 'metrics' | 'sideInputs' | 'userState' | 'onCommit'>,
): ElementContext {
  const { name: transform, metrics, sideInputs } = options;
  const bound = bindFinalizers(bindMetrics(context, transform, metrics), options);
  const asked = askedOf(context);
  if (asked.length === 0) return { isPerWindow: false, fixed: bound, bundle: bound, of: () => bound };
  const views = new Map<string, SideInputViews>();
  for (const [property, request] of asked) {
    const reader = sideInputs?.(property);
    if (isSideInput(request) && reader !== undefined)
      views.set(property, new SideInputViews(request, reader, transform));
  }
  return {
    isPerWindow: looksAtWindows(context),
    fixed: undefined,
    bundle: Object.create(
      bound,
      Object.fromEntries(
        asked.map(([property, { name }]) => [property, { value: noElement(transform, name) }]),
      ),
    ) as object,
    of(timestamp, windows, pane, { key, running } = {}) {
      // A function that is asynchronous looks later, when other elements have come: each has an object of its own.
      const own = Object.create(bound) as object;
      const keyed = stateLookup(options, { key, timestamp, window: windows[0] ?? GLOBAL_WINDOW, pane });
      for (const [property, request] of asked) {
        const { paramKind } = request;
        if (isStateSpec(request) || isTimerSpec(request)) {
          Object.defineProperty(own, property, { value: keyed(property, request), enumerable: true });
          continue;
        }
        if (isRestrictionParam(request) || isWatermarkEstimatorParam(request)) {
          const value = isRestrictionParam(request) ? running?.view : running?.estimator;
          Object.defineProperty(own, property, { value, enumerable: true });
          continue;
        }
        const lookup = lookupOf(paramKind, {
          timestamp,
          window: windows[0],
          pane,
          view: views.get(property),
        });
        Object.defineProperty(own, property, { value: { lookup }, enumerable: true });
      }
      return own;
    },
  };
}

function lookupOf(
  paramKind: ParDoParam<unknown>['paramKind'],
  element: {
    readonly timestamp: Timestamp;
    readonly window: BoundedWindow | undefined;
    readonly pane: PaneInfo;
    readonly view: SideInputViews | undefined;
  },
): () => unknown {
  const { timestamp, window = GLOBAL_WINDOW, pane, view } = element;
  switch (paramKind) {
    case 'timestamp':
      return () => timestamp;
    case 'window':
      return () => window;
    case 'sideInput':
      return () => view?.at(window);
    case 'paneInfo':
    case 'metric': // bound before, and not asked for here
    case 'bundleFinalizer':
    case 'state': // the same
    case 'timer':
    case 'restriction':
    case 'watermarkEstimator':
      return () => pane;
  }
}

/** Where `isPerWindow` says so, has a receiver called once for each window of an element. */
export function perWindow(isPerWindow: boolean, receive: Receiver): Receiver {
  if (!isPerWindow) return receive;
  const rest = async (from: number, wait: Promise<void>, ...[value, timestamp, windows, pane]: Element) => {
    await wait;
    for (const window of windows.slice(from)) await receive(value, timestamp, [window], pane);
  };
  return (value, timestamp, windows, pane) => {
    if (windows.length === 1) return receive(value, timestamp, windows, pane);
    for (const [index, window] of windows.entries()) {
      const wait = receive(value, timestamp, [window], pane);
      if (wait !== undefined) return rest(index + 1, wait, value, timestamp, windows, pane);
    }
  };
}

/** Stands for what belongs to an element, where there is none: whichever of its methods is called says so. */
function noElement(transform: string, name: string): object {
  const refuse = () => {
    throw new PipelineError(
      `Cannot look up the ${name} in "${transform}" as there must be an element: received a call for a whole bundle`,
      { transform, hint: 'Look it up in process(), and keep it in a field for finishBundle()' },
    );
  };
  return new Proxy({}, { get: (_, method) => (typeof method === 'symbol' ? undefined : refuse) });
}
