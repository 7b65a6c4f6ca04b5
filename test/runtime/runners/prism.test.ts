import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { prismProgram } from '../../../runtime/src/runners/get-prism.ts';
import { freePorts } from '../../../runtime/src/runners/ports.ts';
import { findPrism, startPrism, stopPrism } from '../../../runtime/src/runners/prism.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Listens at a port of its own choice and says so as Prism does. */
const SERVER = `
const asked = process.argv.find((one) => one.startsWith('-job_port=')).slice(10);
const server = require('node:net').createServer().listen(Number(asked), () =>
  console.error('level=INFO msg="Serving JobManagement" endpoint=localhost:' + server.address().port));
`;

/** A home with a program in Prism's place; what was started is ended with the test. */
async function homeWith(script: string): Promise<string> {
  const home = await temporaryFolder();
  const program = prismProgram(home);
  mkdirSync(path.dirname(program), { recursive: true });
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  onTestFinished(async () => {
    await stopPrism({ home });
  });
  return home;
}

const options = { memoryLimitMb: 64_000 }; // Node takes much address space

test('startPrism() starts one, and finds it again until it is stopped', async () => {
  const home = await homeWith(SERVER);
  const [first, second] = await Promise.all([
    startPrism({ home, ...options }),
    startPrism({ home, ...options }),
  ]);
  expect(first.endpoint).toMatch(/^localhost:\d+$/);
  expect(second).toEqual(first);
  expect(await findPrism({ home })).toEqual(first);
  expect(await stopPrism({ home })).toBe(true);
  expect(await findPrism({ home })).toBeUndefined();
  expect(await stopPrism({ home })).toBe(false);
});

test('startPrism() replaces one that was killed', async () => {
  const home = await homeWith(SERVER);
  const [first] = (await startPrism({ home, ...options })).processes;
  process.kill(first?.pid ?? 0, 'SIGKILL');
  // A signal takes its time.
  await until(async () => (await findPrism({ home })) === undefined, { what: 'the killed one has ended' });
  const [second] = (await startPrism({ home, ...options })).processes;
  expect(second?.pid).not.toBe(first?.pid);
});

test('startPrism() takes the port that it is told, or says that it is taken', async () => {
  const home = await homeWith(SERVER);
  const [port = 0] = await freePorts(1);
  expect((await startPrism({ home, port, ...options })).endpoint).toBe(`localhost:${port}`);
  await expect(startPrism({ home: await homeWith(SERVER), port, ...options })).rejects.toThrow(
    `Cannot start Prism's job service as its port must be free: received ${port}, which is taken`,
  );
  const [other = 0] = await freePorts(1);
  await expect(startPrism({ home, port: other, ...options })).rejects.toThrow('only one may run at a time');
});

test('startPrism() tells what a Prism said that ended at once', async () => {
  const home = await homeWith(`console.error('panic: no luck'); process.exitCode = 2;`);
  await expect(startPrism({ home, ...options })).rejects.toThrow(
    'Cannot start Prism as it must answer: received a process that has ended\n  panic: no luck',
  );
});

test('startPrism() says how to get it where it is missing', async () => {
  const home = await temporaryFolder();
  await expect(startPrism({ home })).rejects.toMatchObject({ hint: 'Run: npx millrace get prism' });
});

test('findPrism() does not trust a state file that something else wrote', async () => {
  const home = await homeWith(SERVER);
  const { endpoint } = await startPrism({ home, ...options });
  const file = path.join(home, 'run', 'prism', 'state.json');
  const kept = readFileSync(file, 'utf8');
  for (const wrong of [
    '',
    '[]',
    '{"process":{"pid":1},"port":1}',
    kept.replace(/"identity": ".*"/, '"identity": "x"'),
  ]) {
    writeFileSync(file, wrong);
    expect(await findPrism({ home })).toBeUndefined();
  }
  writeFileSync(file, kept);
  expect((await findPrism({ home }))?.endpoint).toBe(endpoint);
});
