import type { Fragment } from '../../graph/fragment.ts';
import type { AppliedPTransform, PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { isParDoParam } from '../../model/par-do-param.ts';
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
    for (const { windowing } of transform.outputs.values()) {
      need(windowCapability(windowing), transform);
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
    case 'assignTimestamps':
    case 'parDo':
      return Object.values(spec.context).some(isParDoParam) ? ['parDo', 'metrics'] : ['parDo'];
    case 'groupByKey':
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
      return ['parDo'];
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
