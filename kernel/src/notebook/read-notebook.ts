import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorMessage } from '../wire/error-message.ts';
import { NotebookError, type Notebook, type NotebookCell } from './nbformat.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an .ipynb file, nbformat 4.0 to 4.5; outputs are left behind, as the cells will be run.
 *
 * @throws {NotebookError} if it is missing, not a notebook, of another version, or of another language.
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'there is no such file' : errorMessage(error);
    throw new NotebookError(`Cannot read the notebook ${path}: ${why}`, { cause: error });
  }
  try {
    return parseNotebook(text);
  } catch (error) {
    throw new NotebookError(`Cannot run ${path}: ${errorMessage(error)}`, { cause: error });
  }
}

/**
 * Checks a notebook's text; cells without an id, as before nbformat 4.5, get one from their place and content.
 *
 * @throws {NotebookError} that says what is wrong.
 */
export function parseNotebook(text: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotebookError(`it is not a notebook, as it is not JSON (${errorMessage(error)})`, {
      cause: error,
    });
  }
  if (!isFields(json) || json.nbformat === undefined) {
    throw new NotebookError('it is not a notebook, as it has no "nbformat"');
  }
  if (json.nbformat !== 4) {
    throw new NotebookError(
      `its format must be nbformat 4: received ${JSON.stringify(json.nbformat)}; convert it with "jupyter nbconvert --to notebook --nbformat 4"`,
    );
  }
  if (!Array.isArray(json.cells)) throw new NotebookError('it has no list of cells');
  const metadata = isFields(json.metadata) ? json.metadata : {};
  refuseOtherLanguages(metadata);
  return {
    nbformat: 4,
    nbformat_minor: typeof json.nbformat_minor === 'number' ? json.nbformat_minor : 0,
    metadata,
    cells: json.cells.map((cell: unknown, index) => parseCell(cell, index)),
  };
}

function parseCell(cell: unknown, index: number): NotebookCell {
  if (!isFields(cell) || typeof cell.cell_type !== 'string') {
    throw new NotebookError(`its cell ${index + 1} has no "cell_type"`);
  }
  const source = joined(cell.source);
  if (source === undefined) throw new NotebookError(`its cell ${index + 1} has no "source" of text`);
  const id = typeof cell.id === 'string' && cell.id !== '' ? cell.id : idOf(source, index);
  const metadata = isFields(cell.metadata) ? cell.metadata : {};
  const attachments = cell.attachments === undefined ? {} : { attachments: cell.attachments };
  const code = cell.cell_type === 'code' ? { execution_count: null, outputs: [] } : {};
  return { cell_type: cell.cell_type, id, source, metadata, ...attachments, ...code };
}

/** nbformat splits text into lines that keep their ends. */
function joined(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('');
  return undefined;
}

function idOf(source: string, index: number): string {
  return createHash('sha256').update(`${index}:${source}`).digest('hex').slice(0, 8);
}

function refuseOtherLanguages(metadata: Fields): void {
  const kernelspec = isFields(metadata.kernelspec) ? metadata.kernelspec : {};
  const info = isFields(metadata.language_info) ? metadata.language_info : {};
  if (kernelspec.name === 'millrace') return;
  const language = kernelspec.language ?? info.name;
  if (language === undefined && kernelspec.name === undefined) return;
  if (typeof language === 'string' && language.toLowerCase() === 'typescript') return;
  const name = kernelspec.display_name ?? kernelspec.name ?? 'an unnamed kernel';
  const suffix = language === undefined ? '' : ` (${JSON.stringify(language)})`;
  throw new NotebookError(`its kernel must run TypeScript: received ${JSON.stringify(name)}${suffix}`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
