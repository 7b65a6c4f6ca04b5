/** A reply that says what went wrong. */
export interface ErrorReply {
  readonly status: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** One of `user_expressions`, evaluated. */
export type ExpressionReply =
  | {
      readonly status: 'ok';
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata: Readonly<Record<string, unknown>>;
    }
  | ErrorReply;

/** Answers an execute_request. */
export type ExecuteReply =
  | {
      readonly status: 'ok';
      readonly execution_count: number;
      readonly user_expressions: Readonly<Record<string, ExpressionReply>>;
      readonly payload: readonly never[];
    }
  | (ErrorReply & { readonly execution_count: number })
  | { readonly status: 'aborted'; readonly execution_count: number };

/** Answers a kernel_info_request. */
export interface KernelInfoReply {
  readonly status: 'ok';
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: LanguageInfo;
  readonly banner: string;
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
  readonly supported_features: readonly string[];
  /** Deprecated by the protocol, still read by some clients. */
  readonly debugger: boolean;
}

/** How a client shows, highlights and exports the language; also a notebook's `metadata.language_info`. */
export interface LanguageInfo {
  readonly name: string;
  readonly version: string;
  readonly mimetype: string;
  readonly file_extension: string;
  readonly pygments_lexer: string;
  readonly codemirror_mode: unknown;
  readonly nbconvert_exporter: string;
}

/** One completion with its type, under `metadata._jupyter_types_experimental`; positions in code points. */
export interface CompletionItem {
  readonly text: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly signature?: string;
}

/** Answers a complete_request; positions in code points. */
export interface CompleteReply {
  readonly status: 'ok';
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: { readonly _jupyter_types_experimental: readonly CompletionItem[] };
}

/** Answers an inspect_request. */
export interface InspectReply {
  readonly status: 'ok';
  readonly found: boolean;
  readonly data: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Answers an is_complete_request. */
export interface IsCompleteReply {
  readonly status: 'complete' | 'incomplete' | 'invalid' | 'unknown';
  /** How the next line begins; for "incomplete" only. */
  readonly indent?: string;
}

/** Session number, line number (execution count), and the input or `[input, output]`. */
export type HistoryTuple = readonly [
  session: number,
  line: number,
  cell: string | readonly [input: string, output: string | null],
];
