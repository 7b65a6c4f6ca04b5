import type { Coder } from '../../../coders/coder.ts';
import { OutputBytes } from '../../../coders/output-bytes.ts';
import { PipelineError } from '../../../errors.ts';
import type { SideInputReader } from '../../../executor/side-input-reader.ts';
import type { AppliedPTransform } from '../../../model/applied-ptransform.ts';
import { windowId, type BoundedWindow } from '../../../model/window.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from '../../../model/windowing-strategy.ts';
import type { ProcessBundleDescriptor } from '../../../proto/fn-api.ts';
import type { WindowingStrategy as WindowingStrategyProto } from '../../../proto/runner-api.ts';
import { sideInputWindow } from '../../../windowing/side-input-window.ts';
import { windowFnFromProto } from '../../windowing/window-fn-from-proto.ts';
import type { BundlePlan } from './bundle-plan.ts';
import { storedValues, type ValuePages } from './grouped-values.ts';
import type { StateKeyType } from './state-reader.ts';

const NOTHING: readonly unknown[] = Object.freeze([]);

/** What side inputs are read with. */
export interface RunnerSideInputsOptions {
  readonly descriptor: ProcessBundleDescriptor;
  readonly coderOf: (id: string) => Coder;
  readonly openState: (key: StateKeyType, what: string) => ValuePages;
}

/** The side inputs of a bundle descriptor: the runner holds them, and gives them when they are looked at. */
export class RunnerSideInputs {
  readonly #plan: BundlePlan;
  readonly #options: RunnerSideInputsOptions;
  readonly #readers = new Set<RunnerSideInput>();

  constructor(plan: BundlePlan, options: RunnerSideInputsOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /** A bundle begins: what others have seen may have changed since. */
  begin(): void {
    for (const reader of this.#readers) reader.forget();
  }

  /** @throws {PipelineError} for a descriptor that does not have it. */
  of(transform: AppliedPTransform, name: string): SideInputReader | undefined {
    const transformId = this.#plan.transformIds.get(transform);
    if (transformId === undefined || this.#plan.steps.get(transform)?.sideInputs?.includes(name) !== true)
      return undefined;
    const { descriptor, coderOf, openState } = this.#options;
    const id = descriptor.transforms[transformId]?.inputs[name] ?? '';
    const pcollection = descriptor.pcollections[id];
    const strategy = descriptor.windowingStrategies[pcollection?.windowingStrategyId ?? ''];
    const windowFn = strategy?.windowFn && windowFnFromProto(strategy.windowFn);
    if (pcollection === undefined || strategy === undefined || windowFn === undefined) {
      throw new PipelineError(
        `Cannot look at the side input "${name}" as the runner must say how it is windowed: received ${strategy?.windowFn?.urn ?? 'nothing'}`,
        {
          transform: transformId,
          hint: 'The runner made the descriptor: see whether its version is one that Millrace was tried with',
        },
      );
    }
    const windowCoder = coderOf(strategy.windowCoderId);
    const reader = new RunnerSideInput({
      windowing: {
        ...GLOBAL_WINDOWING,
        windowFn,
        trigger: { kind: isTriggered(strategy) ? 'always' : 'default' },
      },
      coder: coderOf(pcollection.coderId),
      open: (window) => {
        const bytes = new OutputBytes();
        windowCoder.encode(window, bytes);
        const value = { transformId, sideInputId: name, window: bytes.take() };
        return openState({ case: 'iterableSideInput', value }, `the side input "${name}"`);
      },
    });
    this.#readers.add(reader);
    return reader;
  }
}

/** What is left of its trigger: a singleton may have come several times. */
function isTriggered({ trigger }: WindowingStrategyProto): boolean {
  const kind = trigger?.trigger.case;
  return kind !== undefined && kind !== 'default';
}

/** One of them: what fits in a page is kept for the bundle, the rest is fetched each time that it is gone through. */
class RunnerSideInput implements SideInputReader {
  readonly windowing: WindowingStrategy;
  readonly #coder: Coder;
  readonly #open: (window: BoundedWindow) => ValuePages;
  /** By the name of the side input's window. */
  readonly #kept = new Map<string, Iterable<unknown>>();

  constructor(options: {
    readonly windowing: WindowingStrategy;
    readonly coder: Coder;
    readonly open: (window: BoundedWindow) => ValuePages;
  }) {
    this.windowing = options.windowing;
    this.#coder = options.coder;
    this.#open = options.open;
  }

  forget(): void {
    this.#kept.clear();
  }

  elements(mainWindow: BoundedWindow): Iterable<unknown> {
    const window = sideInputWindow(this.windowing.windowFn, mainWindow);
    if (window === undefined) return NOTHING;
    const id = windowId(window);
    const kept = this.#kept.get(id) ?? storedValues(this.#open(window), this.#coder);
    this.#kept.set(id, kept);
    return kept;
  }
}
