import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';

/** The PCollections of a pipeline that no transform takes. */
export function leaves({ transforms }: Pipeline): PCollection<unknown>[] {
  const primitives = transforms.filter(({ spec }) => spec !== undefined);
  const taken = new Set(primitives.flatMap(({ inputs }) => inputs));
  return primitives.flatMap(({ outputs }) => [...outputs.values()]).filter((output) => !taken.has(output));
}
