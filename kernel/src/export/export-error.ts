/** The notebook cannot be exported as it is, and its author can mend that. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  /** One thing to do next. */
  readonly hint: string;

  constructor(message: string, hint: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.hint = hint;
  }
}
