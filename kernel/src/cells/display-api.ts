/** Bytes of a picture, or the same as base64 text. */
export type Picture = Uint8Array | string;

/**
 * The global `display` of a notebook: shows a value, or content that is ready for the page.
 *
 * The declarations that cells are checked against are read from this very file, so that the types, the completion
 * and what the session does at run time agree.
 */
export interface DisplayApi {
  /** Shows any value as the last expression of a cell would be shown. */
  (...values: readonly unknown[]): void;
  /** Shows HTML. Scripts in it run only in a trusted notebook. */
  html(html: string): void;
  /** Shows Markdown. */
  markdown(markdown: string): void;
  /** Shows plain text. */
  text(text: string): void;
  /** Shows a value as a JSON tree. */
  json(value: unknown): void;
  /** Shows an SVG picture. */
  svg(svg: string): void;
  /** Shows a PNG picture. */
  png(picture: Picture): void;
  /** Shows a JPEG picture. */
  jpeg(picture: Picture): void;
  /** Shows a GIF picture. */
  gif(picture: Picture): void;
  /** Shows a PDF document. */
  pdf(document: Picture): void;
  /** Runs JavaScript in the page. */
  javascript(code: string): void;
  /** Shows LaTeX. */
  latex(latex: string): void;
  /** Shows content of any one MIME type. */
  raw(type: string, content: Picture): void;
  /** Shows a MIME bundle: a value for each MIME type. */
  bundle(data: Readonly<Record<string, unknown>>, metadata?: Readonly<Record<string, unknown>>): void;
  /** Clears the outputs of the running cell; `wait` keeps them until there are new ones. */
  clear(options?: { readonly wait?: boolean }): void;
}

/** What `import … from 'tslab'` gives, so that notebooks written for tslab run here. */
export interface TslabModule {
  readonly display: DisplayApi;
  /** A display of its own: what it shows replaces what it showed before. */
  newDisplay(): DisplayApi;
}
