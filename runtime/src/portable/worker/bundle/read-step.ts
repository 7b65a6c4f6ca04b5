import { PipelineError } from '../../../errors.ts';
import { describeValue } from '../../../model/describe-value.ts';
import type { StepPayload } from '../../step-payload.ts';

/** A step as it travels: JSON in UTF-8. */
export function readStepPayload(bytes: Uint8Array): StepPayload {
  // Our own SDK wrote it, of the same version: the artifact and the worker are staged together.
  return JSON.parse(new TextDecoder().decode(bytes)) as StepPayload;
}

/** What the captured module exports under a name. @throws {PipelineError} if it exports none. */
export function exportOf(
  key: string,
  { name, exports }: { readonly name: string; readonly exports: Readonly<Record<string, unknown>> },
): unknown {
  const value = exports[key];
  if (typeof value === 'object' && value !== null) return value;
  throw new PipelineError(
    `Cannot run "${name}" as the job's module must export "${key}": received ${describeValue(value)}`,
    { transform: name, hint: 'Promote the pipeline again: its module and its steps do not belong together' },
  );
}

/** The error for a step that this worker does not run. */
export function notOurs(
  id: string,
  { must, received }: { readonly must: string; readonly received: string | undefined },
): PipelineError {
  return new PipelineError(
    `Cannot run "${id}" in a Millrace worker as ${must}: received ${received ?? 'none'}`,
    {
      transform: id,
      hint: 'Steps of another SDK need an environment of that SDK; see which one the step names',
    },
  );
}
