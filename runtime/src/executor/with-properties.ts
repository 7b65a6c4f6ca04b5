/** A copy of an object, of the same class, with some of its properties replaced. */
export function withProperties(
  object: object,
  properties: Iterable<readonly [name: string, value: unknown]>,
): object {
  // A prototype is an object or null, and what is made of it is an object.
  const prototype = Object.getPrototypeOf(object) as object | null;
  const copy = Object.create(prototype, Object.getOwnPropertyDescriptors(object)) as object;
  for (const [name, value] of properties) {
    Object.defineProperty(copy, name, { value, enumerable: true });
  }
  return copy;
}
