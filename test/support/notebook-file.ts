import { writeFile } from 'node:fs/promises';

/** Writes a notebook of code cells alone, without outputs, for the Millrace kernel. */
export async function writeNotebook(file: string, cells: readonly string[]): Promise<void> {
  const notebook = {
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: 'TypeScript (Millrace)', language: 'typescript', name: 'millrace' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await writeFile(file, JSON.stringify(notebook));
}
