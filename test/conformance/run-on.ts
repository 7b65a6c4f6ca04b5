import type { Pipeline } from 'millrace';
import * as ib from 'millrace/interactive';
import {
  findPrism,
  flinkDown,
  flinkLib,
  flinkStatus,
  flinkUp,
  prismProgram,
  startPrism,
  stopPrism,
} from 'millrace/runners';
import { existsSync } from 'node:fs';

/** Where conformance is run. */
export const RUNNERS = ['embedded', 'prism', 'flink'] as const;
export type RunnerName = (typeof RUNNERS)[number];

/** A job that has not ended by then is cancelled, in milliseconds. */
const LIMIT_MS = 180_000;

/** A runner that was started, and what ends it. */
export interface StartedRunner {
  run(pipeline: Pipeline): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a runner; gives why not, if it is not on this machine. One that runs already is used, and left running. */
export async function startRunner(name: RunnerName): Promise<StartedRunner | string> {
  switch (name) {
    case 'embedded':
      return { run: runHere, stop: () => Promise.resolve() };
    case 'prism': {
      if (!existsSync(prismProgram())) return 'Prism missing (npx millrace get prism)';
      const before = await findPrism();
      const { endpoint } = await startPrism();
      return {
        run: (pipeline) => promoted(pipeline, { runner: 'prism', endpoint }),
        stop: async () => {
          if (before === undefined) await stopPrism();
        },
      };
    }
    case 'flink': {
      if (!existsSync(flinkLib())) return 'Flink missing (npx millrace get flink)';
      const before = await flinkStatus();
      const { endpoint, restEndpoint } = await flinkUp();
      return {
        run: (pipeline) => promoted(pipeline, { runner: 'flink', endpoint, restEndpoint, parallelism: 2 }),
        stop: async () => {
          if (before === undefined) await flinkDown();
        },
      };
    }
  }
}

async function runHere(pipeline: Pipeline): Promise<void> {
  await pipeline.run();
}

async function promoted(pipeline: Pipeline, options: Parameters<typeof ib.promote>[1]): Promise<void> {
  const job = await ib.promote(pipeline, options);
  try {
    await job.wait({ timeoutMs: LIMIT_MS });
  } catch (error) {
    await job.cancel().catch(() => undefined); // it has ended, as a rule
    throw error;
  }
}
