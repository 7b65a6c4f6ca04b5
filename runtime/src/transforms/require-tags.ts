import { MAIN_TAG } from '../model/applied-ptransform.ts';

/**
 * Requires the tags of a ParDo's outputs to be different ones.
 *
 * @param taken Tags that are its own, beside "main".
 * @throws {RangeError}
 */
export function requireTags(
  tags: readonly string[],
  { name, taken = [] }: { readonly name: string; readonly taken?: readonly string[] },
): void {
  const own = [MAIN_TAG, ...taken];
  const wrong = tags.find((tag, index) => tag === '' || own.includes(tag) || tags.indexOf(tag) < index);
  if (wrong === undefined) return;
  const not = own.map((tag) => `"${tag}"`).join(' or ');
  throw new RangeError(
    `Cannot give "${name}" an output as its tags must be different and not ${not}: received "${wrong}"`,
  );
}
