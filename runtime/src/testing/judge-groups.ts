import type { Reified } from '../transforms/reify.ts';
import type { Matcher } from './matcher.ts';
import type { Mismatch } from './matcher.ts';
import { elementsLine } from './report.ts';
import { formatCount, formatPlural } from '../display/format.ts';

/** Groups that a report tells of. */
const MOST_SHOWN = 5;

/** What is expected of the elements of one key, or of one window. */
export interface ExpectedGroup<in T> {
  /** Equal for equal keys or windows. */
  readonly id: string;
  /** As a report calls it: `key "a"`. */
  readonly title: string;
  readonly matcher: Matcher<T>;
}

/** The elements of one key, or of one window. */
export interface ReceivedGroup<T> {
  readonly title: string;
  readonly elements: Reified<T>[];
}

/**
 * Judges each group by its own matcher; a group that nothing was said about is not expected.
 *
 * @param options.noun What a group is: "key".
 */
export async function judgeGroups<T>(
  groups: {
    readonly expected: readonly ExpectedGroup<T>[];
    readonly received: ReadonlyMap<string, ReceivedGroup<T>>;
  },
  { name, noun }: { readonly name: string; readonly noun: string },
): Promise<Mismatch | undefined> {
  const { expected, received } = groups;
  const lines: string[] = [];
  const counts = { different: 0, missing: 0, unexpected: 0 };
  let cause: unknown;
  for (const { id, title, matcher } of expected) {
    const group = received.get(id);
    const mismatch = await matcher.judge(group?.elements ?? []);
    if (mismatch === undefined) continue;
    counts[group === undefined ? 'missing' : 'different']++;
    cause ??= mismatch.cause;
    lines.push([`${title}: ${mismatch.summary}`, ...mismatch.lines].join('; '));
  }
  const known = new Set(expected.map(({ id }) => id));
  for (const [id, { title, elements }] of received) {
    if (known.has(id)) continue;
    counts.unexpected++;
    const [line = 'unexpected'] = elementsLine(
      'unexpected',
      elements.map(({ value }) => value),
    );
    lines.push(`${title}: ${line}`);
  }
  if (lines.length === 0) return undefined;
  const told = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  const more = lines.length - MOST_SHOWN;
  return {
    summary: `${name} expects ${formatPlural(known.size, noun)}, received ${formatCount(received.size)}: ${told.join(', ')}`,
    lines: [...lines.slice(0, MOST_SHOWN), ...(more > 0 ? [`… ${formatPlural(more, `more ${noun}`)}`] : [])],
    cause,
  };
}
