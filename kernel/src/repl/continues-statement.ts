/** A line that can only go on what stands before it: pasted chains of calls, and `else` after a block. */
const CONTINUES =
  /^\s*(?:\?\.|\.(?=\s*[\w$#[])|[)\]},;:?|&=*/%<>+]|else\b|catch\b|finally\b|as\b|satisfies\b)/;

/** True if `line` cannot begin a statement, so that text which is complete without it is not run yet. */
export function continuesStatement(line: string): boolean {
  return CONTINUES.test(line) && !/^\s*(?:\/\/|\/\*|\+\+)/.test(line);
}
