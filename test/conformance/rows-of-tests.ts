import type { Row } from './row.ts';
import type { Suite } from './suites.ts';

/** A test file's part in what vitest's JSON reporter writes. */
export interface FileReport {
  readonly name: string;
  readonly status: string;
  /** Why the file could not be run. */
  readonly message?: string;
  readonly assertionResults: readonly {
    /** Of the `describe`s around it, the outermost first. */
    readonly ancestorTitles: readonly string[];
    readonly title: string;
    readonly status: string;
    readonly failureMessages?: readonly string[];
  }[];
}

/**
 * The rows of a suite that a test file judges.
 *
 * A skipped test's name ends with its reason in brackets, and it fails the suite without. A test outside of every `describe`
 * is about the whole suite, and a row if it fails.
 */
export function rowsOfTests(
  suite: Pick<Suite, 'name' | 'runners' | 'tests'>,
  report: FileReport | undefined,
): Row[] {
  const runner = suite.runners[0] ?? '';
  const row = (name: string, status: Row['status'], reason: string): Row => ({
    suite: suite.name,
    case: name,
    runner,
    status,
    reason: firstLine(reason),
  });
  const rows = (report?.assertionResults ?? []).flatMap(
    ({ ancestorTitles, title, status, failureMessages = [] }) => {
      const group = ancestorTitles.at(-1);
      const { name, reason } = status === 'skipped' ? splitReason(title) : { name: title, reason: '' };
      const full = group === undefined ? name : (suite.tests?.caseOf(group, name) ?? name);
      if (status === 'passed') return group === undefined ? [] : [row(full, 'pass', '')];
      if (status === 'skipped' && reason !== '') return [row(full, 'skip', reason)];
      return [row(full, 'fail', failureMessages[0] ?? `the test is ${status} without a reason`)];
    },
  );
  if (report?.status !== 'passed' && !rows.some(({ status }) => status === 'fail')) {
    return [...rows, row('all', 'fail', report?.message ?? 'the tests gave no report')];
  }
  return rows.length === 0 ? [row('all', 'fail', 'there are no tests')] : rows;
}

/** "name (reason)" in its parts; brackets in the reason are in pairs. */
function splitReason(title: string): { readonly name: string; readonly reason: string } {
  let depth = 0;
  for (let at = title.length - 1; at > 0 && (depth > 0 || at === title.length - 1); at--) {
    if (title[at] === ')') depth += 1;
    else if (title[at] === '(') depth -= 1;
    if (depth === 0 && title.startsWith(' (', at - 1)) {
      return { name: title.slice(0, at - 1), reason: title.slice(at + 1, -1) };
    }
  }
  return { name: title, reason: '' };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
