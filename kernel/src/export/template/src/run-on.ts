import type { Pipeline } from 'millrace';
import type { CommandLine } from './command-line.ts';

/** Runs a pipeline to its end, in this process or on a runner. */
export async function runOn(pipeline: Pipeline, { runner }: CommandLine): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new Error('Interrupted'));
  process.once('SIGINT', stop);
  try {
    if (runner === 'embedded') await pipeline.run({ signal: interrupt.signal });
  } finally {
    process.off('SIGINT', stop);
  }
}
