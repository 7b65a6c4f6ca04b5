import type { BoundedSource } from '../model/bounded-source.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePipeline } from '../transforms/require-input.ts';

/** A root that reads a source. */
export function readSource<T>(name: string, source: BoundedSource<T>): PTransform<Pipeline, PCollection<T>> {
  return {
    name,
    expand: (pipeline) =>
      requirePipeline(pipeline, name).addPrimitive({
        label: name,
        spec: { kind: 'read', source },
        inputs: [],
      }).main as PCollection<T>, // the source emits these
  };
}
