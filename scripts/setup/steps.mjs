import { performance } from 'node:perf_hooks';
import path from 'node:path';
import { CommandError, endChildrenOnSignals } from './command.mjs';
import { withLock } from './lock.mjs';
import { Stamps, whyChanged } from './stamps.mjs';

/**
 * One thing that set-up makes. It runs again when its inputs changed, or when what it made is gone.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => import('./stamps.mjs').Inputs} inputs
 * @property {() => boolean} isThere Whether what the step makes exists.
 * @property {() => boolean} [isCurrent] Whether it was made by other means (`npm install` by hand), up to date.
 * @property {(previous: import('./stamps.mjs').Inputs | undefined) => Promise<void>} run `previous`: the inputs of
 *   what is there, if a run of this step made it and finished.
 */

/**
 * Runs, in order, the steps that are not up to date; one process of a clone at a time.
 *
 * A step is stamped when it has finished, never before: what was interrupted or failed runs again.
 *
 * @param {readonly Step[]} steps
 * @param {{ readonly folder: string, readonly print: (line: string) => void }} options `folder` holds stamps and lock.
 * @returns {Promise<readonly string[]>} The names of the steps that ran.
 * @throws {CommandError} what a step threw, after its output was printed in full.
 */
export async function runSteps(steps, { folder, print }) {
  const stamps = new Stamps(path.join(folder, 'stamps'));
  if (steps.every((step) => whyOutdated(step, stamps) === undefined)) return [];
  const stopListening = endChildrenOnSignals();
  try {
    return await withLock(
      path.join(folder, 'lock'),
      { onWait: (pid) => print(`Another set-up of this clone is running (process ${pid}): waiting for it`) },
      () => runOutdated(steps, stamps, print),
    );
  } finally {
    stopListening();
  }
}

/**
 * @param {readonly Step[]} steps
 * @param {Stamps} stamps
 * @param {(line: string) => void} print
 */
async function runOutdated(steps, stamps, print) {
  const ran = [];
  for (const step of steps) {
    const reason = whyOutdated(step, stamps);
    if (reason === undefined) continue;
    const inputs = step.inputs();
    if (step.isCurrent?.() === true) {
      stamps.write(step.name, inputs);
      continue;
    }
    const previous = stamps.read(step.name);
    stamps.remove(step.name);
    print(`  ${step.name} … (${reason})`);
    const started = performance.now();
    try {
      await step.run(previous);
      if (!step.isThere()) throw new CommandError(step.name, 'ended without what it should have made', '');
    } catch (error) {
      if (error instanceof CommandError && error.output !== '') print(error.output.trimEnd());
      throw error;
    }
    stamps.write(step.name, inputs);
    ran.push(step.name);
    print(`  ${step.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  return ran;
}

/**
 * @param {Step} step
 * @param {Stamps} stamps
 */
function whyOutdated(step, stamps) {
  return (
    whyChanged(stamps.read(step.name), step.inputs()) ?? (step.isThere() ? undefined : 'its output is gone')
  );
}
