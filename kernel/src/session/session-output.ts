/** What a cell shows, in the order in which it was shown. */
export type SessionOutput =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly kind: 'display';
      readonly data: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
      /** Names the output, so that it can be replaced later. */
      readonly displayId?: string;
      /** Replaces the outputs with this displayId, and shows nothing new. */
      readonly update: boolean;
    }
  | {
      readonly kind: 'result';
      readonly data: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
    }
  | { readonly kind: 'clear'; readonly wait: boolean };

/** How a cell ended; the fields of an error are those of Jupyter's `error` message. */
export type Outcome =
  | { readonly status: 'ok' }
  | {
      readonly status: 'error';
      readonly ename: string;
      readonly evalue: string;
      /** Lines, or blocks of lines; may hold ANSI colours. */
      readonly traceback: readonly string[];
    };

/**
 * Takes one output. If it returns a promise, that asks for a pause: the cell waits in its next print while too much is
 * not yet taken. Anything else that it returns means nothing.
 */
export type OutputSink = (output: SessionOutput) => unknown;
