import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { captureModule } from '../../../runtime/src/capture/capture-module.ts';
import type { CapturedModule, CaptureRequest } from '../../../runtime/src/capture/captured-module.ts';

/** Runs `probe`, the body of an async function of `shipped` and `inspect`, and describes what it returns. */
const PROBER = `
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';
globalThis[Symbol.for('millrace.modules')] = {};
const AsyncFunction = (async () => {}).constructor;
process.on('message', async ({ file, probe }) => {
  try {
    const { shipped } = await import(pathToFileURL(file).href);
    const value = await new AsyncFunction('shipped', probe)(shipped);
    process.send({ text: inspect(value, { depth: 12, showHidden: true }) });
  } catch (error) {
    process.send({ text: 'threw ' + inspect(error) });
  }
});
`;

const AsyncFunction = (async () => Promise.resolve()).constructor as new (
  ...parts: string[]
) => (shipped: unknown) => Promise<unknown>;

/** What `probe` gives here, described. */
export async function probeHere(shipped: unknown, probe: string): Promise<string> {
  const value = await new AsyncFunction('shipped', probe)(shipped);
  return inspect(value, { depth: 12, showHidden: true });
}

/** A fresh process that imports captured modules, and a folder for them. */
export class Elsewhere {
  readonly directory = mkdtempSync(join(tmpdir(), 'millrace-ship-'));
  readonly #child: ChildProcess;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    const prober = join(this.directory, 'prober.mjs');
    writeFileSync(prober, PROBER);
    this.#child = fork(prober, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.setMaxListeners(0);
  }

  /** What `probe` gives there. */
  async probe({ code }: CapturedModule, probe: string): Promise<string> {
    const file = join(this.directory, `captured-${++this.#count}.mjs`);
    writeFileSync(file, code);
    const before = this.#last;
    const answer = (async () => {
      await before;
      return new Promise<string>((resolve, reject) => {
        this.#child.once('message', (message) => resolve((message as { text: string }).text));
        this.#child.once('exit', () => reject(new Error('the prober ended')));
        this.#child.send({ file, probe });
      });
    })();
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#child.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Captures one value under the name "shipped". */
export async function capture(
  value: unknown,
  options: Partial<CaptureRequest> = {},
): Promise<CapturedModule> {
  return captureModule({
    exports: new Map([['shipped', value]]),
    modules: {},
    directory: process.cwd(),
    ...options,
  });
}
