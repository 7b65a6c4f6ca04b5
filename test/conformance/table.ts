/** What came of one pipeline: "pass", or why not, by runner. */
export interface Row {
  readonly name: string;
  readonly verdicts: Record<string, string>;
}

/** How long a reason may be in a line of its own. */
const WIDTH = 300;

/** The table of pipelines and runners, with the reasons of failures and the sums below it. */
export function table(rows: readonly Row[], runners: readonly string[]): string {
  const sum = `${rows.length} pipelines`;
  const wide = Math.max(sum.length, ...rows.map(({ name }) => name.length));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(index === 0 ? wide : 9))
      .join('  ')
      .trimEnd();
  const short = (verdict: string | undefined) =>
    verdict === 'pass' ? 'pass' : verdict?.includes(' missing (') === true ? '-' : 'FAIL';
  const reasons = rows.flatMap(({ name, verdicts }) =>
    runners.flatMap((runner) => {
      const verdict = verdicts[runner] ?? '';
      return short(verdict) === 'FAIL' ? [`${name} on ${runner}: ${verdict.slice(0, WIDTH)}`] : [];
    }),
  );
  const missing = runners.flatMap((runner) => {
    const verdict = rows[0]?.verdicts[runner];
    return short(verdict) === '-' ? [`Not run on ${runner}: ${verdict ?? ''}`] : [];
  });
  const passed = (runner: string) => rows.filter(({ verdicts }) => verdicts[runner] === 'pass').length;
  return [
    line(['', ...runners]),
    ...rows.map(({ name, verdicts }) => line([name, ...runners.map((runner) => short(verdicts[runner]))])),
    line([sum, ...runners.map((runner) => `${passed(runner)} pass`)]),
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    ...(missing.length > 0 ? ['', ...missing] : []),
  ].join('\n');
}
