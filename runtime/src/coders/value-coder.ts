import { PipelineError } from '../errors.ts';
import type { Coder } from './coder.ts';
import { pathTo, Unfaithful } from './faithful.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

/**
 * Any JavaScript value that is data: primitives, plain objects, arrays with their holes, Map, Set, Date, RegExp, typed
 * arrays and buffers, nested, with shared references and cycles within one element. It comes back as it was, as a new
 * object. What would come back changed is refused (see ValueWriter).
 *
 * @see value-format.ts for the bytes.
 */
export class ValueCoder implements Coder {
  readonly urn = 'millrace:coder:value:v1';
  readonly components = [];
  readonly isDeterministic = false;
  readonly #writer = new ValueWriter();
  readonly #reader = new ValueReader();

  encode(value: unknown, to: OutputBytes): void {
    const start = to.length;
    try {
      this.#writer.write(value, to);
    } catch (error) {
      to.truncate(start);
      throw explained(error, value);
    }
  }

  decode(from: InputBytes): unknown {
    return this.#reader.read(from);
  }
}

const HINT = 'Map the elements to plain objects, arrays, strings, numbers, Map, Set or Date before this step';

function explained(error: unknown, value: unknown): unknown {
  const action = 'Cannot send an element to another step as all of it must be data:';
  if (error instanceof Unfaithful) {
    const path = pathTo(value, error.culprit);
    const where = path === '' ? '' : ` at element${path}`;
    return new PipelineError(`${action} received ${error.what}${where}`, { hint: HINT });
  }
  if (error instanceof RangeError) {
    // The call stack ended, or a buffer cannot be so large.
    return new PipelineError(`${action} received one too deeply nested or too large (${error.message})`, {
      hint: 'Split it into several elements',
      cause: error,
    });
  }
  return error;
}
