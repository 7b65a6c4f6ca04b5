import fc from 'fast-check';

/** Any value that the cache and the coder of elements keep: nested, with holes, of every built-in type that is data. */
export const anyValue = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
  withSparseArray: true,
  stringUnit: 'binary',
});
