import * as beam from '../../../runtime/src/index.ts';
import type { PrimitiveSpec } from '../../../runtime/src/model/applied-ptransform.ts';
import type { UnboundedSource } from '../../../runtime/src/model/unbounded-source.ts';

/** The spec of the root that a transform adds. */
export function specOf<T>(root: beam.PTransform<beam.Pipeline, beam.PCollection<T>>): PrimitiveSpec {
  const p = beam.pipeline();
  p.apply(root);
  const spec = p.transforms.find(({ inputs, spec }) => inputs.length === 0 && spec !== undefined)?.spec;
  if (spec === undefined) throw new TypeError('The transform added no root');
  return spec;
}

/** The unbounded source that a transform reads. */
export function sourceOf<T>(root: beam.PTransform<beam.Pipeline, beam.PCollection<T>>): UnboundedSource<T> {
  const spec = specOf(root);
  if (spec.kind !== 'readUnbounded') throw new TypeError(`The transform added a ${spec.kind}`);
  return spec.source;
}
