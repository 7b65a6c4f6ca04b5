import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePipeline } from './require-input.ts';

/**
 * Makes a PCollection of the elements of an array: `p.apply(beam.create([1, 2, 3]))`.
 *
 * The array is copied now, so that a later change to it changes nothing; its elements are not. All are in the global
 * window, at the earliest timestamp.
 *
 * @throws {TypeError} if `elements` is not an array, or one of them is a promise.
 */
export function create<T>(elements: readonly T[]): PTransform<Pipeline, PCollection<T>> {
  const received: unknown = elements; // the types do not hold in plain JavaScript
  if (!Array.isArray(received)) {
    const isIterable = typeof received === 'object' && received !== null && Symbol.iterator in received;
    throw new TypeError(
      `Cannot create a PCollection as its elements must be an array: received ${describeValue(received)}` +
        (isIterable ? '; spread it: create([...elements])' : ''),
    );
  }
  const copy = [...elements];
  const promise = indexOfPromise(copy);
  if (promise >= 0) {
    throw new TypeError(
      `Cannot create a PCollection as its elements must be there already: received a promise at [${promise}]; ` +
        'await them first: create(await Promise.all(elements))',
    );
  }
  return {
    name: 'Create',
    expand: (pipeline) =>
      requirePipeline(pipeline, 'Create').addPrimitive({
        label: 'Create',
        spec: { kind: 'create', elements: copy },
        inputs: [],
      }).main as PCollection<T>, // made of the array above
  };
}

/** A loop, as findIndex takes several times longer: there may be millions. */
function indexOfPromise(elements: readonly unknown[]): number {
  for (let index = 0; index < elements.length; index++) if (elements[index] instanceof Promise) return index;
  return -1;
}
