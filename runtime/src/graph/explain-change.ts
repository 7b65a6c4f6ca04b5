/**
 * Says what of a fingerprint changed, as a part of a sentence: `helper "stem" changed`.
 *
 * Of parts within one another only the outermost is told: a changed function's own helpers are no news.
 *
 * @param before Parts of the last fingerprint of the same PCollection; undefined if there was none.
 */
export function explainChange(
  before: ReadonlyMap<string, string> | undefined,
  now: ReadonlyMap<string, string>,
): string {
  if (before === undefined) return 'never computed before';
  const changes: string[] = [];
  const outermost: string[] = [];
  for (const [name, verb] of differences(before, now)) {
    if (outermost.some((outer) => name.startsWith(`${outer} → `))) continue;
    outermost.push(name);
    changes.push(`${name} ${verb}`);
  }
  if (changes.length === 0) return 'nothing changed';
  const [first = '', second, ...others] = changes;
  if (second === undefined) return first;
  if (others.length === 0) return `${first} and ${second}`;
  return `${first}, ${second} and ${others.length} more ${others.length === 1 ? 'part' : 'parts'}`;
}

/** What is told first comes first: changed parts, then new ones, then those that are gone. */
function differences(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): [string, string][] {
  const changed: [string, string][] = [];
  const added: [string, string][] = [];
  for (const [name, hash] of now) {
    const known = before.get(name);
    if (known === undefined) added.push([name, 'is new']);
    else if (known !== hash) changed.push([name, 'changed']);
  }
  const removed = [...before.keys()].filter((name) => !now.has(name));
  return [...changed, ...added, ...removed.map((name): [string, string] => [name, 'is gone'])];
}
