import type { Row } from './row.ts';
import type { Suite } from './suites.ts';

/** How long a reason may be in a line of its own. */
const WIDTH = 300;

const SHORT = { pass: 'pass', fail: 'FAIL', skip: 'skip' } as const;

/**
 * A table for each suite that has rows, of its cases and runners; below it why cases did not pass.
 *
 * Cases of a group have a line together, with their number. The last lines are the sums of suites.
 */
export function table(
  rows: readonly Row[],
  suites: readonly Pick<Suite, 'name' | 'runners' | 'groupOf'>[],
): string {
  const there = suites
    .map((suite) => ({ suite, own: rows.filter((row) => row.suite === suite.name) }))
    .filter(({ own }) => own.length > 0);
  return [
    ...there.flatMap(({ suite, own }) => [...tableOf(suite, own), ...reasons(suite, own), '']),
    ...there.map(({ suite, own }) => `${suite.name}: ${sum(own)}`),
  ].join('\n');
}

function tableOf(
  { name, runners, groupOf }: Pick<Suite, 'name' | 'runners' | 'groupOf'>,
  rows: readonly Row[],
): string[] {
  const nameOf = (row: Row) => groupOf?.(row.case) ?? row.case;
  const lines = [...new Set(rows.map(nameOf))].map((line) => [
    line,
    ...runners.map((runner) => {
      const own = rows.filter((row) => row.runner === runner && nameOf(row) === line);
      return groupOf === undefined ? own.map(({ status }) => SHORT[status]).join(' ') : sum(own);
    }),
  ]);
  return columns([[name, ...runners], ...lines]);
}

/** Why cases did not pass, a line for each; a runner that is not there at all has one. */
function reasons({ runners }: Pick<Suite, 'runners'>, rows: readonly Row[]): string[] {
  const lines = runners.flatMap((runner) => {
    const own = rows.filter((row) => row.runner === runner);
    const [first] = own;
    if (
      own.length > 1 &&
      first?.status === 'skip' &&
      own.every(({ status, reason }) => status === 'skip' && reason === first.reason)
    ) {
      return [`Not run on ${runner}: ${first.reason}`];
    }
    return own
      .filter(({ status }) => status !== 'pass')
      .map((row) => `${SHORT[row.status]} ${row.case} on ${runner}: ${row.reason.slice(0, WIDTH)}`);
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

function sum(rows: readonly Row[]): string {
  const count = (status: Row['status']) => rows.filter((row) => row.status === status).length;
  const parts = (['pass', 'fail', 'skip'] as const).map((status) => ({ status, number: count(status) }));
  return parts
    .filter(({ status, number }) => number > 0 || status === 'pass')
    .map(({ status, number }) => `${number} ${status}`)
    .join(', ');
}

/** Lines of cells below each other. */
function columns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(...lines.map((cells) => (cells[index] ?? '').length)),
  );
  return lines.map((cells) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
