import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  endProcesses,
  isRunning,
  lastLines,
  startProcess,
} from '../../../runtime/src/runners/local-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

/** Prints its own number and that of a child that it starts, and waits for its end. */
const PARENT = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
console.log('child ' + child.pid);
setInterval(() => {}, 1000);
`;

test('endProcesses() ends a process and what it started', async () => {
  const logFile = path.join(await temporaryFolder(), 'logs', 'one.log');
  const started = startProcess(process.execPath, { args: ['-e', PARENT], logFile });
  const child = await until(() => Promise.resolve(/child (\d+)/.exec(lastLines(started))?.[1]), {
    what: 'the process has started its child',
  });
  expect(isRunning(started)).toBe(true);
  await endProcesses([started]);
  expect(isRunning(started)).toBe(false);
  await until(() => Promise.resolve(!isThere(Number(child))), { what: 'the child has ended' });
});

test('endProcesses() kills a process that does not end by itself', async () => {
  const logFile = path.join(await temporaryFolder(), 'one.log');
  const deaf = `process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000)`;
  const started = startProcess(process.execPath, { args: ['-e', deaf], logFile });
  await until(() => Promise.resolve(lastLines(started) === 'up'), { what: 'the process is up' });
  await endProcesses([started], { graceMs: 100 });
  expect(isRunning(started)).toBe(false);
  expect(readFileSync(logFile, 'utf8')).toBe('up\nno\n');
});

test('isRunning() takes no other process with the same number for it', () => {
  const other = { pid: process.pid, identity: 'this machine, another start', logFile: '' };
  expect(isRunning(other)).toBe(false);
});

test('startProcess() keeps what an earlier one printed, and limits memory', async () => {
  const logFile = path.join(await temporaryFolder(), 'one.log');
  writeFileSync(logFile, 'earlier');
  const started = startProcess('sh', {
    args: ['-c', 'ulimit -v; echo "$0" "$1"', 'a b', '$c'],
    logFile,
    memoryLimitMb: 4000,
  });
  await until(() => Promise.resolve(!isRunning(started)), { what: 'the process has ended' });
  expect(readFileSync(logFile, 'utf8')).toBe('4096000\na b $c\n');
  expect(readFileSync(`${logFile}.1`, 'utf8')).toBe('earlier');
});

test('startProcess() refuses what is no program', async () => {
  const logFile = path.join(await temporaryFolder(), 'one.log');
  expect(() => startProcess('/no/such/program', { args: [], logFile })).toThrow(
    /^Cannot start \/no\/such\/program as it must be a program/,
  );
  expect(existsSync(logFile)).toBe(true);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
