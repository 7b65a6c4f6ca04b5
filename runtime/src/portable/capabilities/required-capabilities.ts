import type { Fragment } from '../../graph/fragment.ts';
import type { AppliedPTransform, PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { isParDoParam } from '../../model/par-do-param.ts';
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
      // The one kind that there is; another does not compile until it has its row here.
      windowing.windowFn.kind satisfies 'global';
      need('globalWindows', transform);
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
    case 'parDo':
      return Object.values(spec.context).some(isParDoParam) ? ['parDo', 'metrics'] : ['parDo'];
    case 'groupByKey':
      return ['parDo', 'groupByKey'];
    case 'combinePerKey':
      return ['parDo', 'groupByKey', 'combine'];
    case 'flatten':
      return ['flatten'];
  }
}
