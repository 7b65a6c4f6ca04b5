import type { RemoteProperty, ThreadInspector } from './inspector.ts';

/** What a WeakMap has for a key; the value is undefined in a WeakSet. */
export interface WeakEntry {
  readonly key: object | symbol;
  readonly value: unknown;
}

/** The entries of a WeakMap or WeakSet, which JavaScript itself cannot list; in no order. */
export function weakEntries(inspector: ThreadInspector, weak: object): WeakEntry[] {
  const isEntries = ({ name }: RemoteProperty) => name === '[[Entries]]';
  const list = inspector.properties(weak).internalProperties?.find(isEntries)?.value;
  if (list === undefined) return [];
  const [entries] = inspector.values([list]);
  // The inspector's own list, without a prototype: of { key, value } for a WeakMap, of { value } for a WeakSet.
  return Array.from(entries as ArrayLike<WeakEntry>, (entry) =>
    Object.hasOwn(entry, 'key') ? entry : { key: entry.value as object | symbol, value: undefined },
  );
}
