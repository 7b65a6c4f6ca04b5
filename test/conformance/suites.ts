import { RUNNERS } from './run-on.ts';

/** A list of cases, and where they run. */
export interface Suite {
  readonly name: string;
  readonly runners: readonly string[];
  /** The unit tests that judge it: a test in a `describe` is a case. Pipelines have none. */
  readonly tests?: {
    /** Path from the clone's folder. */
    readonly file: string;
    /** A case's name, from those of its `describe` and its test. */
    readonly caseOf: (group: string, title: string) => string;
  };
  /** Which cases share a line of the table; each has its own if undefined. */
  readonly groupOf?: (name: string) => string;
}

/** Everything that is compared with Beam. */
export const SUITES: readonly Suite[] = [
  { name: 'pipelines', runners: RUNNERS },
  {
    name: 'standard_coders',
    runners: ['coders'],
    tests: {
      file: 'test/runtime/coders/standard-coders.test.ts',
      caseOf: (group, title) => `${group.replace(/^standard coder /, '')} ${title}`,
    },
    groupOf: (name) => /^\d+ (\w+)/.exec(name)?.[1] ?? name,
  },
  {
    name: 'trigger_transcripts',
    runners: ['groups'],
    tests: {
      file: 'test/runtime/engine/groups/transcripts.test.ts',
      caseOf: (_, title) => title,
    },
  },
];
