import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prismProgram } from 'millrace/runners';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const JOB = fileURLToPath(new URL('harness-job.mjs', import.meta.url));
const BEAM_JOB = fileURLToPath(new URL('harness-beam.py', import.meta.url));
const PEERS = `${ROOT}.venv-peers/bin/python`;

/** A small job and a big one: their difference leaves out what starting a worker takes. */
const ELEMENTS = [10_000, 1_010_000];
/** Linux counts processor time in these, a second. */
const TICKS = 100;

/**
 * Microseconds of processor time that a worker takes for an element which is made, keyed, grouped and added up, on one
 * Prism: ours, and Beam Python's. The runner's own time, most of a job's, is in neither.
 *
 * @returns {Promise<{ unit: string, value: number, baseline: number }>}
 */
export async function compareHarnesses() {
  const port = await freePort();
  const prism = spawn(
    'sh',
    ['-c', `ulimit -v 12000000; exec "${prismProgram()}" -job_port=${port} -serve_http=false`],
    { stdio: 'ignore' },
  );
  try {
    const endpoint = `localhost:${port}`;
    /** @type {{ ours: number[], baseline: number[] }} */
    const each = { ours: [], baseline: [] };
    for (let run = 0; run < 3; run++) {
      each.ours.push(await perElement((elements) => ours(endpoint, elements, prism.pid ?? 0)));
      each.baseline.push(await perElement((elements) => beamPython(endpoint, elements)));
    }
    return { unit: 'µs', value: median(each.ours), baseline: median(each.baseline) };
  } finally {
    prism.kill();
  }
}

/** @param {(elements: number) => Promise<{ seconds: number, answer: number }>} job */
async function perElement(job) {
  const seconds = [];
  for (const elements of ELEMENTS) {
    const result = await job(elements);
    const right = (elements * (elements - 1)) / 2;
    if (result.answer !== right) {
      throw new RangeError(`Cannot compare as the sum must be ${right}: received ${result.answer}`);
    }
    seconds.push(result.seconds);
  }
  const [small = 0, big = 0] = seconds;
  const [few = 0, many = 0] = ELEMENTS;
  return ((big - small) / (many - few)) * 1e6;
}

/**
 * @param {string} endpoint
 * @param {number} elements
 */
async function beamPython(endpoint, elements) {
  const { stdout } = await execute(PEERS, [BEAM_JOB, endpoint, `${elements}`]);
  return /** @type {{ seconds: number, answer: number }} */ (JSON.parse(lastLine(stdout)));
}

/**
 * @param {string} endpoint
 * @param {number} elements
 * @param {number} runner The worker's parent.
 */
async function ours(endpoint, elements, runner) {
  /** @type {Map<number, number>} */
  const workers = new Map();
  const watch = setInterval(() => {
    for (const [pid, seconds] of childrenOf(runner)) workers.set(pid, seconds);
  }, 20);
  try {
    const { stdout } = await execute(process.execPath, [JOB, endpoint, `${elements}`]);
    const { answer } = /** @type {{ answer: number }} */ (JSON.parse(lastLine(stdout)));
    return { answer, seconds: [...workers.values()].reduce((sum, seconds) => sum + seconds, 0) };
  } finally {
    clearInterval(watch);
  }
}

/**
 * Processor time of the processes that `parent` started, by pid, in seconds, as Linux tells it.
 *
 * @param {number} parent
 * @returns {[number, number][]}
 * @see proc(5), /proc/pid/stat
 */
function childrenOf(parent) {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    let stat;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      return []; // it has ended
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[1]) !== parent) return [];
    return [[Number(name), (Number(fields[11]) + Number(fields[12])) / TICKS]];
  });
}

/** @param {string} text */
function lastLine(text) {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
