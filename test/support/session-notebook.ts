import { mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session, type Outcome, type SessionOptions, type SessionOutput } from '@millrace/kernel';

/** What one cell came to. */
export interface CellResult {
  readonly outcome: Outcome;
  readonly outputs: readonly SessionOutput[];
  /** What it wrote to both streams. */
  readonly text: string;
  /** The text/plain of its result. */
  readonly result: unknown;
  /** Milliseconds from the interrupt to its end. */
  readonly interruptMs: number;
}

/** A real session, as built, in a folder of its own. */
export class SessionNotebook {
  readonly directory: string;
  readonly session: Session;
  /** What was shown while no cell ran. */
  readonly background: SessionOutput[] = [];
  readonly deaths: string[] = [];
  #count = 0;

  constructor(options: Partial<SessionOptions> = {}) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-session-')));
    this.session = new Session({
      directory: this.directory,
      onBackgroundOutput: (output) => void this.background.push(output),
      onDeath: (why) => void this.deaths.push(why),
      ...options,
    });
  }

  /** Runs a cell; with `interruptAfterMs` it is interrupted so long after its first output. */
  async run(code: string, interruptAfterMs?: number): Promise<CellResult> {
    const outputs: SessionOutput[] = [];
    let interruptedAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      interruptedAt = performance.now();
      this.session.interrupt();
    };
    const outcome = await this.session.execute(code, {
      executionCount: ++this.#count,
      onOutput: (output) => {
        outputs.push(output);
        // The cell says that it has come to where it is to be interrupted.
        if (interruptAfterMs !== undefined) timer ??= setTimeout(interrupt, interruptAfterMs);
      },
    });
    clearTimeout(timer);
    const text = outputs.map((output) => (output.kind === 'stream' ? output.text : '')).join('');
    const shown = outputs.find((output) => output.kind === 'result');
    const result = shown?.data['text/plain'];
    return { outcome, outputs, text, result, interruptMs: performance.now() - interruptedAt };
  }

  /** All text that was shown while no cell ran. */
  get backgroundText(): string {
    return this.background.map((output) => (output.kind === 'stream' ? output.text : '')).join('');
  }

  async close(): Promise<void> {
    await this.session.close();
    process.chdir(tmpdir());
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The traceback of a cell that failed, without colours. */
export function tracebackOf({ outcome }: CellResult): string {
  if (outcome.status === 'ok') return '';
  // Colours are escape sequences.
  // eslint-disable-next-line no-control-regex
  return outcome.traceback.join('\n').replaceAll(/\u001b\[\d+m/g, '');
}
