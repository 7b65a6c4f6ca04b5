import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';

/**
 * Puts several PCollections together to one: `beam.P([a, b]).apply(beam.flatten())`. Elements come in no order between
 * the inputs; a PCollection that is given twice comes twice.
 *
 * @throws {TypeError} if there is none.
 */
export function flatten<T>(): PTransform<readonly PCollection<T>[], PCollection<T>> {
  return {
    name: 'Flatten',
    expand(inputs) {
      const received: unknown = inputs; // the types do not hold in plain JavaScript
      const [first] = Array.isArray(received) ? inputs : [];
      if (first === undefined) {
        throw new TypeError(
          'Cannot flatten as its input must be an array of PCollections: use P([a, b]).apply(flatten())',
        );
      }
      return first.pipeline.addPrimitive({ label: 'Flatten', spec: { kind: 'flatten' }, inputs })
        .main as PCollection<T>; // all inputs have this type
    },
  };
}
