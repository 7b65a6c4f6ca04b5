import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';

/**
 * Refuses a value that a coder has no bytes for.
 *
 * @param what What the coder writes: "a string".
 * @throws {PipelineError} always.
 */
export function refuseValue(value: unknown, { coder, what }: { coder: string; what: string }): never {
  throw new PipelineError(
    `Cannot encode by ${coder} as it must be ${what}: received ${describeValue(value)}`,
    {
      hint: `Map the elements to ${what} before this step`,
    },
  );
}
