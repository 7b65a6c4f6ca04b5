/** Adds to what a table has for a key, which is 0 before. */
export function addTo<K>(sums: Map<K, number>, key: K, amount: number): void {
  sums.set(key, amount + (sums.get(key) ?? 0));
}
