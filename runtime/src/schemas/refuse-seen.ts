import { describeValue } from '../model/describe-value.ts';
import { elementText } from '../model/element-text.ts';

/** A value that was seen, and the place of its element. */
export interface Seen {
  readonly value: unknown;
  readonly index: number;
}

/**
 * Refuses a value from which no type can be inferred, or two that have no type in common.
 *
 * @param options.path Of the value: "tags[]". @param options.element That of the last value.
 * @throws {TypeError} always.
 */
export function refuseSeen(
  seen: readonly Seen[],
  options: { readonly path: string; readonly element: unknown; readonly must?: string | undefined },
): never {
  const { path, element } = options;
  const must =
    options.must ?? (seen.length === 1 ? 'have values of types that rows have' : 'have values of one type');
  const received = seen.map(({ value, index }) => `${describeValue(value)} in element ${index}`);
  throw new TypeError(
    `Cannot infer a schema as "${path}" must ${must}: received ${received.join(', then ')}: ${elementText(element)}`,
  );
}
