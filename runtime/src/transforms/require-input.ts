import { describeValue } from '../model/describe-value.ts';
import { PCollection } from '../model/pcollection.ts';
import { Pipeline } from '../model/pipeline.ts';
import { isClass } from '../model/require-applicable.ts';

/**
 * Gives the pipeline that a root was applied to. The types refuse anything else; they do not hold in plain JavaScript.
 *
 * @throws {TypeError}
 */
export function requirePipeline(input: Pipeline, label: string): Pipeline {
  const received: unknown = input;
  if (received instanceof Pipeline) return received;
  throw new TypeError(
    `Cannot apply "${label}" as it begins a pipeline: received ${describeInput(received)}; apply it to the pipeline itself`,
  );
}

/**
 * Gives the PCollection that a transform was applied to, as `requirePipeline` does for a root.
 *
 * @throws {TypeError}
 */
export function requirePCollection<T>(input: PCollection<T>, label: string): PCollection<T> {
  const received: unknown = input;
  if (received instanceof PCollection) return input;
  const advice =
    received instanceof Pipeline
      ? 'begin with create() or io.readFromText()'
      : 'apply it to one PCollection, or put several together with flatten() first';
  throw new TypeError(
    `Cannot apply "${label}" as it takes one PCollection: received ${describeInput(received)}; ${advice}`,
  );
}

/**
 * Refuses a class where an instance of it is meant: a class is a function too.
 *
 * @param action What is tried, for the error: "apply ParDo".
 * @param what What is taken: "a DoFn".
 * @throws {TypeError}
 */
export function requireInstance(received: unknown, action: string, what: string): void {
  if (!isClass(received)) return;
  throw new TypeError(
    `Cannot ${action} as it takes ${what} or a function: received the class ${received.name}; make one: new ${received.name}()`,
  );
}

function describeInput(input: unknown): string {
  if (input instanceof Pipeline) return 'the pipeline';
  return input instanceof PCollection ? 'a PCollection' : describeValue(input);
}
