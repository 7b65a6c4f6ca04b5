import type { KernelSession } from '../kernel/kernel-session.ts';

/** Readline's own limit would ask first; nobody reads more than this. */
const LIMIT = 200;

/**
 * Completes the line that is typed, in readline's terms: the candidates, and the text that they replace.
 *
 * @param options.before The lines of the cell above this one, with their line ends.
 * @param options.cursor In the line, in UTF-16 units.
 */
export async function completeLine(options: {
  readonly session: Pick<KernelSession, 'complete'>;
  readonly before: string;
  readonly line: string;
  readonly cursor: number;
}): Promise<[string[], string]> {
  const { session, before, line } = options;
  // Readline gives the line up to the cursor.
  const cursor = Math.min(options.cursor, line.length);
  const { matches, start, end } = await session.complete(before + line, before.length + cursor);
  const from = start - before.length;
  if (from < 0 || end - before.length > line.length) return [[], line];
  const typed = line.slice(from, cursor);
  const fitting = matches.filter((match) => match.toLowerCase().startsWith(typed.toLowerCase()));
  return [fitting.slice(0, LIMIT), typed];
}
