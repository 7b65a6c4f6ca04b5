import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';

/**
 * Makes a PCollection of the elements of an array: `p.apply(beam.create([1, 2, 3]))`.
 *
 * The array is copied now, so that a later change to it changes nothing; its elements are not. All are in the global
 * window, at the earliest timestamp.
 *
 * @throws {TypeError} if `elements` is not an array.
 */
export function create<T>(elements: readonly T[]): PTransform<Pipeline, PCollection<T>> {
  const received: unknown = elements; // the types do not hold in plain JavaScript
  if (!Array.isArray(received)) {
    const isIterable = typeof received === 'object' && received !== null && Symbol.iterator in received;
    throw new TypeError(
      `Cannot create a PCollection as its elements must be an array: received ${describe(received)}` +
        (isIterable ? '; spread it: create([...elements])' : ''),
    );
  }
  const copy = [...elements];
  return {
    name: 'Create',
    expand: (pipeline) =>
      pipeline.addPrimitive({ label: 'Create', spec: { kind: 'create', elements: copy }, inputs: [] })
        .main as PCollection<T>, // made of the array above
  };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object')
    return typeof value === 'string' ? `the string "${value.slice(0, 40)}"` : typeof value;
  const { name } = (value.constructor as { readonly name?: string } | undefined) ?? {};
  return name === undefined || name === 'Object' ? 'an object' : `an instance of ${name}`;
}
