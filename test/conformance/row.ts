/** What came of a case of a suite on a runner: a row of the table, and of the file that `--json` names. */
export interface Row {
  readonly suite: string;
  readonly case: string;
  readonly runner: string;
  readonly status: 'pass' | 'fail' | 'skip';
  /** Why it did not pass, in one line; '' if it did. */
  readonly reason: string;
}
