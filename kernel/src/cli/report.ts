import { PipelineError } from 'millrace';

/**
 * Runs a command that can be interrupted by Ctrl-C, and says what went wrong as its user needs it.
 *
 * @returns the exit code: what the command gave; 1 if its user can mend why it failed; 130 if it was interrupted.
 */
export async function reporting(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupt = new AbortController();
  const abort = (): void => {
    if (interrupt.signal.aborted) process.exit(130); // asked twice: do not wait
    interrupt.abort();
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  try {
    return await command(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error('Interrupted');
      return 130;
    }
    if (error instanceof PipelineError) console.error(`${error.message}\n${error.hint}`);
    else if (error instanceof RangeError || error instanceof TypeError) console.error(error.message);
    else throw error;
    return 1;
  } finally {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}
