import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isWanted, readOptions } from './options.ts';
import type { Row } from './row.ts';
import { runPipelines } from './run-pipelines.ts';
import { runTests } from './run-tests.ts';
import { table } from './table.ts';

const { suites, names, json, isVerbose } = readOptions(process.argv.slice(2));

// Jobs print how far they are; here a line for each is enough.
if (!isVerbose) console.error = () => undefined;

const tested = suites.filter(({ tests }) => tests !== undefined);
const rows: Row[] = [];
for (const { tests, runners } of suites) {
  if (tests === undefined) rows.push(...(await runPipelines({ runners, names, isVerbose })));
}
if (tested.length > 0) {
  const all = await runTests(tested);
  // What fails a whole suite is no case, and has no name to ask for.
  rows.push(...all.filter((row) => isWanted(row.case, names) || row.case === 'all'));
}

if (rows.length === 0) {
  throw new RangeError(
    `Cannot run conformance as a case must have such a name: received ${names.join(', ')}`,
  );
}
console.log(table(rows, suites));
if (json !== undefined) {
  mkdirSync(path.dirname(path.resolve(json)), { recursive: true });
  writeFileSync(json, `${JSON.stringify(rows, undefined, 2)}\n`);
}
// A connection to a runner may be kept open for a while.
process.exit(rows.some(({ status }) => status === 'fail') ? 1 : 0);
