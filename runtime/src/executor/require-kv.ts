import { PipelineError } from '../errors.ts';
import type { KV } from '../model/kv.ts';
import { describeValue } from '../model/describe-value.ts';

/**
 * Checks that an element has a key and a value.
 *
 * @param transform Full name, for the error.
 */
export function requireKV(element: unknown, transform: string): KV<unknown, unknown> {
  if (isKV(element)) return element;
  throw new PipelineError(
    `Cannot group by key in "${transform}" as its elements must be { key, value }: received ${describeValue(element)}`,
    { transform, hint: 'Map the elements to { key, value } before grouping, or use groupBy' },
  );
}

function isKV(element: unknown): element is KV<unknown, unknown> {
  return typeof element === 'object' && element !== null && 'key' in element && 'value' in element;
}
