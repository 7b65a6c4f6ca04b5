import type { KV } from '../model/kv.ts';

/** The function that gives an element the key which another, sync or async, says of it. */
export function withKeyOf<T>(
  keyOf: (element: T) => unknown,
): (element: T) => KV<unknown, T> | Promise<KV<unknown, T>> {
  const withKey = (element: T) => {
    const key = keyOf(element);
    return key instanceof Promise
      ? key.then((settled: unknown): KV<unknown, T> => ({ key: settled, value: element }))
      : { key, value: element };
  };
  return withKey;
}
