import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { errorMessage } from '../wire/error-message.ts';
import {
  NotebookError,
  type MimeData,
  type Notebook,
  type NotebookCell,
  type NotebookOutput,
} from './nbformat.ts';

/**
 * Writes a notebook as nbformat 4.5; the file is replaced at once, never half written.
 *
 * @throws {NotebookError} if it cannot be written.
 */
export function writeNotebook(path: string, notebook: Notebook): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, formatNotebook(notebook));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new NotebookError(`Cannot write the notebook ${path}: ${errorMessage(error)}`, { cause: error });
  }
}

/** The text of an .ipynb file, as Jupyter writes it: sorted by its schema, one space deep, text split into lines. */
export function formatNotebook(notebook: Notebook): string {
  const file = {
    cells: notebook.cells.map(formatCell),
    metadata: notebook.metadata,
    nbformat: 4,
    nbformat_minor: Math.max(5, notebook.nbformat_minor),
  };
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

function formatCell(cell: NotebookCell): object {
  const { cell_type, id, source, metadata, execution_count, outputs, attachments } = cell;
  const common = { cell_type, id, metadata, source: lines(source) };
  if (cell_type === 'code') {
    return {
      ...common,
      execution_count: execution_count ?? null,
      outputs: (outputs ?? []).map(formatOutput),
    };
  }
  return attachments === undefined ? common : { ...common, attachments };
}

function formatOutput(output: NotebookOutput): object {
  switch (output.output_type) {
    case 'stream':
      return { ...output, text: lines(output.text) };
    case 'display_data':
    case 'execute_result':
      return { ...output, data: splitData(output.data) };
    case 'error':
      return output;
  }
}

function splitData(data: MimeData): MimeData {
  const isJson = (type: string): boolean => /^application\/(.*\+)?json$/.test(type);
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      typeof value === 'string' && !isJson(type) ? lines(value) : value,
    ]),
  );
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
