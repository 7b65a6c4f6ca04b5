import { expect, test } from 'vitest';
import { LogSender } from '../../../../runtime/src/portable/worker/log-sender.ts';
import { freePort } from '../../../support/free-port.ts';
import { ScriptedRunner } from '../../../support/scripted-runner.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

test('LogSender sends entries with their place, in order, before it closes', async () => {
  const runner = await ScriptedRunner.start();
  const logs = new LogSender({
    endpoint: runner.url,
    workerId: 'w',
    fallback: () => undefined,
    now: () => NOON,
  });
  logs.log('warn', 'first', { instructionId: 'b1', transformId: 'Map', thread: 'bundles-1' });
  logs.log('info', 'second');
  await logs.close();
  expect(runner.logs).toMatchObject([
    {
      message: 'first',
      severity: 5, // WARN, in beam_fn_api.proto
      instructionId: 'b1',
      transformId: 'Map',
      thread: 'bundles-1',
      timestamp: { seconds: BigInt(NOON / 1000) },
    },
    { message: 'second', severity: 3 },
  ]);
});

test.each([
  { level: 'WARNING', want: ['warn', 'error'] },
  { level: 'DEBUG', want: ['debug', 'info', 'warn', 'error'] },
  { level: 'SHOUT', want: ['info', 'warn', 'error'] },
])('LogSender sends no entry below the level $level', async ({ level, want }) => {
  const runner = await ScriptedRunner.start();
  const logs = new LogSender({ endpoint: runner.url, workerId: 'w', fallback: () => undefined });
  logs.setLevel(level);
  for (const each of ['debug', 'info', 'warn', 'error'] as const) logs.log(each, each);
  await logs.close();
  expect(runner.logs.map(({ message }) => message)).toEqual(want);
});

test('LogSender drops the oldest entries, and says how many, when more come than it may hold', async () => {
  const runner = await ScriptedRunner.start();
  const logs = new LogSender({ endpoint: runner.url, workerId: 'w', fallback: () => undefined });
  for (let i = 0; i < 10_500; i += 1) logs.log('info', String(i));
  await logs.close(30_000);
  expect(runner.logs[0]?.message).toBe('500 log entries were dropped: the runner reads them too slowly');
  expect(runner.logs[1]?.message).toBe('500');
  expect(runner.logs).toHaveLength(10_001);
});

test('LogSender cuts what is too long for one entry', async () => {
  const runner = await ScriptedRunner.start();
  const logs = new LogSender({ endpoint: runner.url, workerId: 'w', fallback: () => undefined });
  logs.log('info', 'x'.repeat(100_003));
  await logs.close();
  expect(runner.logs[0]?.message).toBe(`${'x'.repeat(100_000)}… (3 more characters)`);
});

test('LogSender gives entries to its fallback, when the runner cannot be reached', async () => {
  const lines: string[] = [];
  const logs = new LogSender({
    endpoint: `localhost:${await freePort()}`,
    workerId: 'w',
    fallback: (line) => lines.push(line),
  });
  logs.log('info', 'lost?');
  await logs.close();
  expect(lines).toEqual(['lost?']);
});

test('LogSender gives entries to its fallback, when there is no endpoint', () => {
  const lines: string[] = [];
  const logs = new LogSender({ endpoint: undefined, workerId: 'w', fallback: (line) => lines.push(line) });
  logs.log('error', 'here');
  expect(lines).toEqual(['error: here']);
});
