import { isDeepStrictEqual } from 'node:util';
import { valueText } from './value-text.ts';

/** What only one of two collections has. */
export interface MultisetDifference<A, B> {
  readonly onlyLeft: readonly A[];
  readonly onlyRight: readonly B[];
}

/**
 * Compares two collections without order, as PCollections are: what each has more often than the other.
 *
 * Values are equal if their texts are, those of `valueText` unless told otherwise. Cost: O(n + m); O(n · m) for values without an encoding.
 */
export function multisetDifference<A, B>(
  left: readonly A[],
  right: readonly B[],
  { textOf = valueText }: { readonly textOf?: (value: unknown) => string | undefined } = {},
): MultisetDifference<A, B> {
  const open = new Map<string | undefined, A[]>();
  for (const value of left) {
    const text = textOf(value);
    const same = open.get(text);
    if (same === undefined) open.set(text, [value]);
    else same.push(value);
  }
  const onlyRight = right.filter((value) => {
    const text = textOf(value);
    const same = open.get(text) ?? [];
    const at = text === undefined ? same.findIndex((each) => isDeepStrictEqual(each, value)) : 0;
    return at === -1 || same.splice(at, 1).length === 0;
  });
  return { onlyLeft: [...open.values()].flat(), onlyRight };
}
