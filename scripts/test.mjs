#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT, setUp } from './setup.mjs';
import { fetchRunners, runnersEnvironment } from './setup/local-runners.mjs';
import { readReport } from './test-report.mjs';

await setUp({ withPeers: true });
await fetchRunners(ROOT, { env: process.env, print: (line) => console.error(line) });

const results = path.join(ROOT, '.setup/test-results');
const file = path.join(results, 'vitest.json');
rmSync(file, { force: true });
mkdirSync(results, { recursive: true });

const vitest = spawn(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit', env: runnersEnvironment(ROOT, process.env) },
);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => vitest.kill(signal));
}
vitest.once('close', (code) => {
  const report = readReport(file, code);
  for (const name of report.skippedNames) console.log(`skipped: ${name}`);
  for (const name of report.failedNames) console.log(`failed: ${name}`);
  console.log(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`);
  process.exitCode = report.failed > 0 ? 1 : 0;
});
