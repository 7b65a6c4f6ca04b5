import { InputBytes } from '../../coders/input-bytes.ts';
import { OutputBytes } from '../../coders/output-bytes.ts';
import { ValueCoder } from '../../coders/value-coder.ts';
import { PipelineError } from '../../errors.ts';

/**
 * Copies an accumulator of which a pane is made, as it goes on being added to: the pane's output may hold parts of it.
 *
 * A runner keeps it as bytes, and so does this.
 *
 * @throws {PipelineError} for one that has no bytes.
 */
export function copyHeld(held: unknown, transform: string): unknown {
  if (typeof held !== 'object' || held === null) return held;
  const coder = new ValueCoder();
  const bytes = new OutputBytes();
  try {
    coder.encode(held, bytes);
  } catch (cause) {
    if (!(cause instanceof PipelineError)) throw cause;
    throw new PipelineError(
      `Cannot accumulate the panes of "${transform}" as its accumulators must be data: ${cause.message}`,
      { transform, hint: 'Use plain objects, arrays, Map, Set and typed arrays for them', cause },
    );
  }
  return coder.decode(new InputBytes(bytes.take()));
}
