import { parseArgs } from 'node:util';
import { SUITES, type Suite } from './suites.ts';

/** What a run is asked for. */
export interface Options {
  /** The wanted suites, with the wanted runners of each. */
  readonly suites: readonly Suite[];
  /** A case is wanted if its name has one of these in it; all are if there are none. */
  readonly names: readonly string[];
  /** The file for the rows. */
  readonly json: string | undefined;
  readonly isVerbose: boolean;
}

/**
 * Reads `[NAME…] [--suite NAME,…] [--runner NAME,…] [--json FILE] [--verbose]`.
 *
 * @throws {RangeError} if a suite or a runner is not known, or no suite has one of the runners.
 * @throws {TypeError} if an option is not known.
 */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string' },
      runner: { type: 'string' },
      json: { type: 'string' },
      verbose: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const names = SUITES.map(({ name }) => name);
  const wanted = chosen(values.suite, { known: names, what: 'suites' });
  const runners = chosen(values.runner, {
    known: SUITES.flatMap((suite) => suite.runners),
    what: 'runners',
  });
  const suites = SUITES.filter(({ name }) => wanted.includes(name))
    .map((suite) => ({ ...suite, runners: suite.runners.filter((runner) => runners.includes(runner)) }))
    .filter((suite) => suite.runners.length > 0);
  if (suites.length === 0) {
    throw new RangeError(
      `Cannot run conformance as one of ${wanted.join(', ')} must run on it: received ${runners.join(', ')}`,
    );
  }
  return { suites, names: positionals, json: values.json, isVerbose: values.verbose === true };
}

/** Whether the name of a case is asked for. */
export function isWanted(name: string, names: readonly string[]): boolean {
  return names.length === 0 || names.some((part) => name.includes(part));
}

function chosen(
  given: string | undefined,
  { known, what }: { readonly known: readonly string[]; readonly what: string },
): readonly string[] {
  const wanted = given?.split(',') ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot run conformance as ${what} are ${known.join(', ')}: received ${unknown}`);
  }
  return wanted;
}
