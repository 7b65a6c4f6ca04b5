import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A score of the lesson; times in milliseconds since the epoch. */
interface Score {
  readonly user: string;
  readonly team: string;
  readonly points: number;
  readonly at: number;
  readonly seen: number;
}

/** The scores that lesson 2 makes up: its own cell `events` runs here, outside of any kernel, in the order of `seen`. */
export async function eveningOfScores(notebook: string): Promise<readonly Score[]> {
  // Each lesson has this shape; a test of its own says so.
  const { cells } = JSON.parse(await readFile(notebook, 'utf8')) as {
    readonly cells: readonly { readonly id: string; readonly source: readonly string[] }[];
  };
  const source = cells.find(({ id }) => id === 'events')?.source.join('') ?? '';
  const script = ts.transpile(source, { target: ts.ScriptTarget.ES2022 });
  const json: unknown = runInNewContext(`${script}; JSON.stringify(events)`, {
    console: { log: () => undefined },
  });
  const events = JSON.parse(String(json)) as readonly (Omit<Score, 'at' | 'seen'> & {
    readonly at: string;
    readonly seen: string;
  })[]; // the cell declares this interface, and JSON has dates as text
  return events.map((event) => ({ ...event, at: Date.parse(event.at), seen: Date.parse(event.seen) }));
}

/** Points by hour and team, as `18:00 otters`: plain sums, no windows. */
export function hourlyPoints(scores: readonly Score[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { at, team, points } of scores) {
    const hour = `${new Date(at).toISOString().slice(11, 14)}00 ${team}`;
    sums.set(hour, (sums.get(hour) ?? 0) + points);
  }
  return sums;
}

/** How many times somebody began to play: after a silence of 5 minutes or more. */
export function countSessions(scores: readonly Score[]): number {
  const last = new Map<string, number>();
  let sessions = 0;
  for (const { user, at } of [...scores].sort((a, b) => a.at - b.at)) {
    if (at >= (last.get(user) ?? -Infinity) + 5 * MINUTE) sessions += 1;
    last.set(user, at);
  }
  return sessions;
}

/**
 * The scores that are not dropped, where hours take scores for `lateness` more milliseconds, and the watermark is ten
 * minutes behind the newest score that came in a minute before.
 */
export function keptScores(scores: readonly Score[], lateness: number): readonly Score[] {
  const minuteOf = ({ seen }: Score) => Math.floor(seen / MINUTE);
  let newest = -Infinity;
  let newestBefore = -Infinity;
  let minute = -Infinity;
  return scores.filter((score) => {
    if (minuteOf(score) > minute) newestBefore = newest;
    minute = minuteOf(score);
    newest = Math.max(newest, score.at);
    const end = Math.floor(score.at / HOUR + 1) * HOUR;
    return end - 1 + lateness >= newestBefore - 10 * MINUTE;
  });
}
