/** A notebook in memory, nbformat 4: text is one string, however the file splits it. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly NotebookCell[];
}

/** One cell; only code cells have outputs. */
export interface NotebookCell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of code cells. */
  readonly execution_count?: number | null;
  /** Of code cells. */
  readonly outputs?: readonly NotebookOutput[];
  /** Of Markdown cells. */
  readonly attachments?: unknown;
}

/** Values by MIME type: a string for text, anything for JSON. */
export type MimeData = Readonly<Record<string, unknown>>;

/** One output as the file keeps it. */
export type NotebookOutput =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly output_type: 'display_data'; readonly data: MimeData; readonly metadata: MimeData }
  | {
      readonly output_type: 'execute_result';
      readonly execution_count: number;
      readonly data: MimeData;
      readonly metadata: MimeData;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** The file is not a notebook that this kernel can run. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError';
}
