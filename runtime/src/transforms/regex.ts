import { describeValue } from '../model/describe-value.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

// Beam's Regex. Patterns are RegExp of JavaScript with the flags that they have, except that "g" and "y" have no effect: each
// transform says itself where a match begins, and how many there are. A group that took no part in a match is null.

/** A group of a pattern: its number, 0 for the whole match, or its name. */
export type RegexGroup = number | string;

/** What find and the like keep of empty matches. */
export interface RegexOutputOptions {
  /** Whether empty strings are kept. */
  readonly outputEmpty?: boolean;
}

type Strings<O> = PTransform<PCollection<string>, PCollection<O>>;

/**
 * The group of each string that matches from its first character on, as Python's re.match: `regex.matches(/(\d+) /, 1)`. The match
 * need not reach the string's end: end the pattern in `$` for that. Strings that do not match are left out.
 *
 * @throws {RangeError} when it runs, for a group that the pattern does not have. So do all of these.
 */
export function matches(pattern: RegExp, group: RegexGroup = 0): Strings<string | null> {
  const start = compiled(pattern, 'y');
  return strings('Regex.matches', function* matched(text) {
    const match = first(start, text);
    if (match !== null) yield groupOf(match, group);
  });
}

/** As matches, but with all groups, the whole match first: one array for each string that matches. */
export function allMatches(pattern: RegExp): Strings<readonly (string | null)[]> {
  const start = compiled(pattern, 'y');
  return strings('Regex.allMatches', function* matched(text) {
    const match = first(start, text);
    if (match !== null) yield Array.from(match, (_, at) => groupOf(match, at));
  });
}

/** As matches, but with one group as the key and one as the value. */
export function matchesKv(
  pattern: RegExp,
  keyGroup: RegexGroup,
  valueGroup: RegexGroup = 0,
): Strings<KV<string | null, string | null>> {
  const start = compiled(pattern, 'y');
  return strings('Regex.matchesKv', function* matched(text) {
    const match = first(start, text);
    if (match !== null) yield { key: groupOf(match, keyGroup), value: groupOf(match, valueGroup) };
  });
}

/** The group of the first match anywhere in each string. Strings without one are left out. */
export function find(pattern: RegExp, group: RegexGroup = 0): Strings<string | null> {
  const anywhere = compiled(pattern, 'g');
  return strings('Regex.find', function* found(text) {
    const match = first(anywhere, text);
    if (match !== null) yield groupOf(match, group);
  });
}

/** The group of all matches in each string, one array for each: [] if there are none. Empty ones too, unless told otherwise. */
export function findAll(
  pattern: RegExp,
  group: RegexGroup = 0,
  { outputEmpty = true }: RegexOutputOptions = {},
): Strings<readonly (string | null)[]> {
  const anywhere = compiled(pattern, 'g');
  return strings('Regex.findAll', (text) => {
    const groups = Array.from(text.matchAll(anywhere), (match) => groupOf(match, group));
    return [outputEmpty ? groups : groups.filter(isFilled)];
  });
}

/** One group as the key and one as the value, for every match in each string: one element for each match. */
export function findKv(
  pattern: RegExp,
  keyGroup: RegexGroup,
  valueGroup: RegexGroup = 0,
): Strings<KV<string | null, string | null>> {
  const anywhere = compiled(pattern, 'g');
  return strings('Regex.findKv', function* found(text) {
    for (const match of text.matchAll(anywhere)) {
      yield { key: groupOf(match, keyGroup), value: groupOf(match, valueGroup) };
    }
  });
}

/** Replaces all matches in each string. The replacement is that of String.replace: `$1` is a group, `$$` a dollar. */
export function replaceAll(pattern: RegExp, replacement: string): Strings<string> {
  const anywhere = compiled(pattern, 'g');
  return strings('Regex.replaceAll', (text) => [text.replace(anywhere, replacement)]);
}

/** Replaces the first match in each string, as replaceAll does all. */
export function replaceFirst(pattern: RegExp, replacement: string): Strings<string> {
  const once = compiled(pattern, '');
  return strings('Regex.replaceFirst', (text) => [text.replace(once, replacement)]);
}

/**
 * What is between the matches in each string, one array for each, with the pattern's groups in between as in Python's
 * re.split. Empty strings (and groups that took no part) are left out unless told otherwise.
 */
export function split(
  pattern: RegExp,
  { outputEmpty = false }: RegexOutputOptions = {},
): Strings<readonly (string | null)[]> {
  const anywhere = compiled(pattern, 'g');
  return strings('Regex.split', (text) => {
    const parts: (string | null)[] = [];
    let end = 0;
    for (const match of text.matchAll(anywhere)) {
      parts.push(text.slice(end, match.index));
      for (let group = 1; group < match.length; group++) parts.push(groupOf(match, group));
      end = match.index + match[0].length;
    }
    parts.push(text.slice(end));
    return [outputEmpty ? parts : parts.filter(isFilled)];
  });
}

function strings<O>(name: string, fn: (text: string) => Iterable<O>): Strings<O> {
  return { name, expand: (input) => requirePCollection(input, name).flatMap(fn) };
}

/** A copy of the pattern, as `lastIndex` is its state; with the flag in place of "g" and "y". */
function compiled(pattern: RegExp, flag: 'g' | 'y' | ''): RegExp {
  const received: unknown = pattern; // the types do not hold in plain JavaScript
  if (received instanceof RegExp)
    return new RegExp(received.source, received.flags.replace(/[gy]/g, '') + flag);
  throw new TypeError(
    `Cannot match strings as the pattern must be a RegExp: received ${describeValue(received)}`,
  );
}

function first(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}

function groupOf(match: RegExpExecArray, group: RegexGroup): string | null {
  const isNumber = typeof group === 'number';
  const isThere = isNumber ? group in match : Object.hasOwn(match.groups ?? {}, group);
  if (!isThere) {
    throw new RangeError(
      `Cannot give a group as the pattern must have it: received ${JSON.stringify(group)}`,
    );
  }
  return (isNumber ? match[group] : match.groups?.[group]) ?? null;
}

function isFilled(text: string | null): boolean {
  return text !== null && text !== '';
}
