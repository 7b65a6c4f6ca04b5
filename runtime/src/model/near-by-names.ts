/**
 * The names most like `wanted`, best first, at most three: "did you mean".
 *
 * Case does not count; a name is like another if at most a third of its letters (and always one) were typed wrong.
 */
export function nearByNames(wanted: string, names: readonly string[]): string[] {
  const target = wanted.toLowerCase();
  const limit = Math.max(1, Math.floor(target.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(target, name.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many letters to insert, drop or replace to get from `a` to `b` (Levenshtein); gives up past `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? Infinity) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? Infinity) + 1, (next[j] ?? Infinity) + 1));
    }
    row = next;
    if (Math.min(...row) > limit) return Infinity;
  }
  return row[b.length] ?? Infinity;
}
