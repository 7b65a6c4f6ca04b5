import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs two programs in turn, each time in a fresh process with an empty cache, and takes the median of each.
 *
 * A program prints, as JSON, the seconds that it measured itself, and its answer: which must be the same for both.
 *
 * @param {{ readonly ours: readonly string[], readonly baseline: readonly string[], readonly runs: number }} programs
 * @returns {Promise<{ unit: string, value: number, baseline: number }>}
 */
export async function compare({ ours, baseline, runs }) {
  /** @type {{ ours: number[], baseline: number[] }} */
  const seconds = { ours: [], baseline: [] };
  for (let run = 0; run < runs; run++) {
    const own = await measure(ours);
    const other = await measure(baseline);
    if (!isDeepStrictEqual(own.answer, other.answer)) {
      throw new RangeError(
        `Cannot compare as both must give one answer: received ${JSON.stringify(own.answer)} and ${JSON.stringify(other.answer)}`,
      );
    }
    seconds.ours.push(own.seconds);
    seconds.baseline.push(other.seconds);
  }
  return { unit: 's', value: median(seconds.ours), baseline: median(seconds.baseline) };
}

/**
 * @param {readonly string[]} program
 * @returns {Promise<{ seconds: number, answer: unknown }>}
 */
async function measure(program) {
  const cache = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
  try {
    const { stdout } = await execute(process.execPath, [...program], {
      env: { ...process.env, MILLRACE_CACHE: cache },
    });
    return /** @type {{ seconds: number, answer: unknown }} */ (JSON.parse(stdout));
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}
