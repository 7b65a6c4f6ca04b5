import type { LanguageInfo } from '../../protocol/index.ts';

/** TypeScript, as the names by which clients highlight and export it. `version` is the compiler's that checks cells. */
export const TYPESCRIPT: LanguageInfo = {
  name: 'typescript',
  version: '6.0.3',
  // JupyterLab's and CodeMirror's own name for it; "application/typescript" is not registered there.
  mimetype: 'text/typescript',
  file_extension: '.ts',
  pygments_lexer: 'typescript',
  codemirror_mode: { name: 'javascript', typescript: true },
  nbconvert_exporter: 'script',
};
