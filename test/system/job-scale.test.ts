import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { answerIn, startJobProgram } from '../support/job-program.ts';
import { ownRunners, testOn, type OwnRunner } from '../support/own-runners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const own = ownRunners('prism', 'flink');

/** Runs one of the pipelines of test/support/jobs to its end. @returns the lines that it wrote. */
async function answerOf(
  pipeline: string,
  {
    runner,
    parameters,
  }: { readonly runner: OwnRunner; readonly parameters: Readonly<Record<string, number>> },
): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const { home } = own;
  const program = startJobProgram({ home, folder, pipeline, parameters, options: { runner } });
  expect(await program.ended()).toMatchObject({ state: 'DONE' });
  return answerIn(folder);
}

describe.each(['prism', 'flink'] as const)('a job on %s', (runner) => {
  testOn(runner)('groups a million elements', async () => {
    const answer = await answerOf('groups', { runner, parameters: { count: 1_000_000, keys: 1000 } });
    // Group k holds k, k + 1000 … k + 999,000: a thousand numbers with the mean k + 499,500.
    const expected = Array.from({ length: 1000 }, (_, k) =>
      [k, 1000, 1000 * (k + 499_500), k, k + 999_000].join(' '),
    );
    expect(answer).toEqual(expected.sort());
  });

  testOn(runner)('groups one element of 64 MB', async () => {
    const bytes = 64 * 2 ** 20;
    const answer = await answerOf('large', { runner, parameters: { bytes } });
    // (31 n + 7) mod 251 begins anew with every 251st n.
    const pattern = Uint8Array.from({ length: 251 }, (_, n) => (31 * n + 7) % 251);
    const digest = createHash('sha256').update(Buffer.alloc(bytes, pattern)).digest('hex');
    expect(answer).toEqual([`large ${bytes} ${digest}`]);
  });

  testOn(runner)('awaits many elements of a bundle at once', async () => {
    const answer = await answerOf('waiting', { runner, parameters: { count: 2000 } });
    // Key k has k, k + 10 … k + 1990.
    expect(answer).toEqual(Array.from({ length: 10 }, (_, k) => `${k} 200 ${200 * k + 199_000} at once`));
  });
});

testOn('flink')('a job on flink calls finalizers of bundles that are in a checkpoint', async () => {
  const folder = await temporaryFolder();
  const { home } = own;
  const options = { runner: 'flink', parallelism: 1, pipelineOptions: { checkpointingInterval: 500 } };
  startJobProgram({ home, folder, pipeline: 'finalized', parameters: { count: 5 }, options });
  const committed = () => readdirSync(folder).filter((name) => name.startsWith('committed-'));
  await until(() => Promise.resolve(committed().length === 5), {
    what: 'all bundles are committed',
    timeoutMs: 120_000,
  });
  expect(committed().sort()).toEqual([0, 1, 2, 3, 4].map((n) => `committed-${n}`));
});

// Each bundle waits until all are open: it would never end if one of them had to wait for another's end.
describe.each([
  ['prism', 8], // Prism 2.77 has no more of a job open at once
  ['flink', 100],
] as const)('a job on %s', (runner, branches) => {
  testOn(runner)(`has ${branches} bundles open at once`, async () => {
    const answer = await answerOf('together', { runner, parameters: { branches } });
    expect(answer).toEqual(Array.from({ length: branches }, (_, branch) => `branch ${branch}`).sort());
  });
});

// Flink's runner 2.62 never asks a bundle that is under way for a split.
testOn('prism')('a job on prism has a restriction split while it is worked on', async () => {
  const answer = await answerOf('splitWhileRunning', { runner: 'prism', parameters: { count: 100 } });
  expect(answer).toEqual(Array.from({ length: 100 }, (_, n) => `offset ${n}`).sort());
});
