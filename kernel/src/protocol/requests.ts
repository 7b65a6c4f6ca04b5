/** What a client asks on shell or control, by message type; fields are the protocol's. */
export interface RequestContents {
  readonly kernel_info_request: Readonly<Record<string, never>>;
  readonly execute_request: {
    readonly code: string;
    readonly silent: boolean;
    readonly store_history: boolean;
    /** Expressions to evaluate after the cell, by the name that the reply gives them. */
    readonly user_expressions: Readonly<Record<string, string>>;
    readonly stop_on_error: boolean;
  };
  readonly complete_request: {
    readonly code: string;
    /** In unicode code points. */
    readonly cursor_pos: number;
  };
  readonly inspect_request: {
    readonly code: string;
    /** In unicode code points. */
    readonly cursor_pos: number;
    readonly detail_level: 0 | 1;
  };
  readonly is_complete_request: { readonly code: string };
  readonly history_request: HistoryRequest;
  readonly comm_info_request: { readonly target_name?: string };
  readonly interrupt_request: Readonly<Record<string, never>>;
  readonly shutdown_request: { readonly restart: boolean };
}

/** The three ways to ask for history; `output` asks for `[input, output]` in place of the input. */
export type HistoryRequest =
  | { readonly hist_access_type: 'tail'; readonly output: boolean; readonly n: number }
  | {
      readonly hist_access_type: 'range';
      readonly output: boolean;
      /** A session's number; 0 is this kernel's, a negative one counts back from it. */
      readonly session: number;
      readonly start: number;
      /** Exclusive; undefined goes to the end. */
      readonly stop: number | undefined;
    }
  | {
      readonly hist_access_type: 'search';
      readonly output: boolean;
      /** A glob over whole cells: `*`, `?` and `[…]`. */
      readonly pattern: string;
      readonly unique: boolean;
      readonly n: number | undefined;
    };
