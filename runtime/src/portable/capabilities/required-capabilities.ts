import type { Fragment } from '../../graph/fragment.ts';
import type { AppliedPTransform, PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { asksForFinalizer } from '../../model/bundle-finalizer.ts';
import { restrictionOf } from '../../model/is-splittable.ts';
import { isStateful } from '../../model/is-stateful.ts';
import { isTimerSpec } from '../../model/timer.ts';
import { isParDoParam } from '../../model/par-do-param.ts';
import type { Trigger } from '../../model/trigger.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { Capability } from './capability.ts';

/** What a fragment needs of a runner, each with the first transform that needs it. */
export function requiredCapabilities({ transforms }: Fragment): ReadonlyMap<Capability, AppliedPTransform> {
  const required = new Map<Capability, AppliedPTransform>();
  const need = (capability: Capability, transform: AppliedPTransform) => {
    if (!required.has(capability)) required.set(capability, transform);
  };
  for (const transform of transforms) {
    const { spec, parent } = transform;
    if (parent !== undefined) need('composites', transform);
    if (spec === undefined) continue;
    for (const capability of neededBy(spec)) need(capability, transform);
    if (transform.sideInputs.size > 0) need('sideInputs', transform);
    if ('context' in spec && asksForFinalizer(spec.context)) need('bundleFinalization', transform);
    for (const capability of keyedCapabilities(transform)) need(capability, transform);
    for (const { windowing } of transform.outputs.values()) {
      need(windowCapability(windowing), transform);
    }
    const [input] = transform.inputs;
    // A strategy says how to group: elsewhere nobody looks at its trigger.
    if (isGrouping(spec) && input !== undefined) {
      for (const capability of groupingCapabilities(input.windowing)) need(capability, transform);
    }
  }
  return required;
}

/** Sources and creates are ParDos after an Impulse: no runner needs a Source API for them. */
function neededBy(spec: PrimitiveSpec): readonly Capability[] {
  switch (spec.kind) {
    case 'create':
    case 'createWindowed':
      return ['parDo'];
    case 'read':
      return ['parDo', 'groupByKey'];
    case 'map':
    case 'flatMap':
    case 'filter':
      return Object.values(spec.context).some(isParDoParam) ? ['parDo', 'metrics'] : ['parDo'];
    case 'parDo':
      return [
        'parDo',
        ...(Object.values(spec.context).some(isParDoParam) ? (['metrics'] as const) : []),
        ...splittableCapabilities(spec.context),
      ];
    case 'assignTimestamps':
      return ['parDo', 'timestampControl'];
    case 'groupByKey':
    case 'reshuffle':
      return ['parDo', 'groupByKey'];
    case 'combinePerKey':
      return ['parDo', 'groupByKey', 'combine'];
    case 'flatten':
      return ['flatten'];
    case 'windowInto':
      return ['parDo'];
    case 'readUnbounded':
      return ['parDo', 'unboundedSplittable'];
    case 'testStream':
      return [
        'parDo',
        'testStream',
        ...(spec.events.some(({ kind }) => kind === 'processingTime')
          ? (['testStreamProcessingTime'] as const)
          : []),
      ];
  }
}

function splittableCapabilities(context: object): readonly Capability[] {
  const restriction = restrictionOf(context);
  if (restriction === undefined) return [];
  return [restriction.provider.isBounded === false ? 'unboundedSplittable' : 'boundedSplittable'];
}

/** A parDo that keeps state, and one that sets timers. */
function keyedCapabilities(transform: AppliedPTransform): readonly Capability[] {
  if (!isStateful(transform)) return [];
  const { spec } = transform;
  const hasTimers = spec?.kind === 'parDo' && Object.values(spec.context).some(isTimerSpec);
  return hasTimers ? ['state', 'timers'] : ['state'];
}

function isGrouping({ kind }: PrimitiveSpec): boolean {
  return kind === 'groupByKey' || kind === 'combinePerKey';
}

function groupingCapabilities({
  trigger,
  accumulationMode,
  allowedLateness,
}: WindowingStrategy): readonly Capability[] {
  if (trigger.kind === 'default') return allowedLateness > 0 ? ['allowedLateness'] : [];
  return [
    'triggers',
    ...triggerCapabilities(trigger),
    accumulationMode,
    ...(allowedLateness > 0 ? (['allowedLateness'] as const) : []),
  ];
}

function triggerCapabilities(trigger: Trigger): readonly Capability[] {
  switch (trigger.kind) {
    case 'default':
    case 'always':
    case 'never':
      return [];
    case 'afterWatermark':
      return [
        'eventTimeTriggers',
        ...[trigger.early, trigger.late].flatMap((part) => (part ? triggerCapabilities(part) : [])),
      ];
    case 'afterProcessingTime':
    case 'afterSynchronizedProcessingTime':
      return ['processingTimeTriggers'];
    case 'afterCount':
      return ['countTriggers'];
    case 'repeatedly':
      return triggerCapabilities(trigger.trigger);
    case 'afterEach':
    case 'afterFirst':
    case 'afterAll':
      return ['compositeTriggers', ...trigger.triggers.flatMap(triggerCapabilities)];
    case 'orFinally':
      return ['compositeTriggers', ...[trigger.main, trigger.finally].flatMap(triggerCapabilities)];
  }
}

function windowCapability({ windowFn }: WindowingStrategy): Capability {
  switch (windowFn.standard?.kind) {
    case 'global':
      return 'globalWindows';
    case 'fixed':
      return 'fixedWindows';
    case 'sliding':
      return 'slidingWindows';
    case 'sessions':
      return 'sessionWindows';
    case undefined:
      return windowFn.merge === undefined ? 'customWindows' : 'customMergingWindows';
  }
}
