#!/usr/bin/env node
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT, setUp } from './setup.mjs';
import { runCommand } from './setup/command.mjs';
import { fetchRunners, runnersEnvironment } from './setup/local-runners.mjs';

await setUp({ withPeers: true });
await fetchRunners(ROOT, { env: process.env, print: (line) => console.error(line) });
const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
await runCommand(process.execPath, [compiler, '-p', path.join(ROOT, 'test/conformance')], { cwd: ROOT });

const run = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    path.join(ROOT, 'test/conformance/dist/run.js'),
    ...process.argv.slice(2).filter((argument) => argument !== '--'),
  ],
  { cwd: ROOT, stdio: 'inherit', env: runnersEnvironment(ROOT, process.env) },
);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => run.kill(signal));
}
run.once('close', (code) => {
  process.exitCode = code ?? 1;
});
