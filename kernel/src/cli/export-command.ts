import path from 'node:path';
import { ExportError } from '../export/export-error.ts';
import { exportNotebook } from '../export/export-notebook.ts';
import { NotebookError } from '../notebook/nbformat.ts';

/**
 * `millrace export`: progress goes to stderr, what to do next to stdout.
 *
 * @returns the exit code: 0; 1 if the notebook must be changed; 2 if there is no notebook; 130 if interrupted.
 */
export async function exportCommand(
  notebook: string,
  options: { readonly out: string; readonly pcollection?: readonly string[] },
): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new ExportError('Interrupted', 'Nothing was written'));
  process.once('SIGINT', stop);
  try {
    const { folder, outputs } = await exportNotebook(notebook, {
      out: options.out,
      pcollections: options.pcollection ?? [],
      signal: interrupt.signal,
      onStep: (text) => process.stderr.write(`${text} …\n`),
    });
    const shown = path.relative(process.cwd(), folder);
    const given = outputs.length === 0 ? 'writes its results itself' : `gives ${outputs.join(', ')}`;
    console.log(
      `Exported ${path.basename(notebook)} to ${folder}: its pipeline ${given}\n\n` +
        `  cd ${shown.startsWith('..') || shown === '' ? folder : shown}\n  npm install\n  npm test\n  npm start -- --help`,
    );
    return 0;
  } catch (error) {
    if (error instanceof NotebookError) {
      console.error(error.message);
      return 2;
    }
    if (!(error instanceof ExportError)) throw error;
    console.error(`${error.message}\nhint: ${error.hint}`);
    return interrupt.signal.aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', stop);
  }
}
