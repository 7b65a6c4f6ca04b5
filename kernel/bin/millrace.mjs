#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  // From Node 22.1 on: compiled code is kept, which makes the next start faster.
  module.enableCompileCache?.();
  await import(main.href);
} else {
  console.error('Cannot run millrace as it must be built first: run "npm run build" in the repository');
  process.exitCode = 1;
}
