import { describeValue } from '../model/describe-value.ts';
import { PCollection } from '../model/pcollection.ts';
import { Pipeline } from '../model/pipeline.ts';
import { environment } from './environment.ts';

/**
 * Makes pipelines and PCollections known by the names of the properties that hold them: `ib.watch({ p, counts })`, or a
 * module, `import * as steps from './steps.ts'; ib.watch(steps)`. Views and `inspectables` use the names.
 *
 * A notebook's own variables need no watch. The object is looked at anew each time, so properties that it gets later
 * count as well, and is kept as long as the process lives. Getters are not called.
 *
 * @throws {TypeError} if it is no object, or itself a pipeline or PCollection, which has no name.
 */
export function watch(object: object): void {
  const isNamed = typeof (object as unknown) === 'object' && (object as unknown) !== null;
  if (!isNamed || object instanceof Pipeline || object instanceof PCollection) {
    throw new TypeError(
      `Cannot watch as it takes an object whose properties are pipelines and PCollections, as in watch({ counts }): received ${describeValue(object)}`,
    );
  }
  environment.watched.add(object);
}

/** What is watched, with the first name that it has. */
export function watchedNames(): ReadonlyMap<Pipeline | PCollection<unknown>, string> {
  const names = new Map<Pipeline | PCollection<unknown>, string>();
  for (const object of environment.watched) {
    for (const name of Object.keys(object)) {
      const value = ownValue(object, name);
      if (!(value instanceof Pipeline) && !(value instanceof PCollection)) continue;
      if (!names.has(value)) names.set(value, name);
    }
  }
  return names;
}

function ownValue(object: object, name: string): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, name)?.value;
  } catch {
    return undefined; // an export of a module that is still being loaded
  }
}
