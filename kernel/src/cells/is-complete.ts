import ts from '#typescript';
import { parseCell, parseFaults } from './declared-names.ts';

/** Jupyter's answer to "may this be run as it is?". */
export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid' | 'unknown';
  /** What the next line starts with; only when incomplete. */
  readonly indent?: string;
}

const INDENT = '  ';
const UNTERMINATED_STRING = 1002;

/** Tells whether `code` can be run, needs more lines, or is wrong whatever follows; by its syntax alone. */
export function isComplete(code: string): Completeness {
  const sourceFile = parseCell(code);
  const [first] = parseFaults(sourceFile);
  if (first === undefined) return { status: 'complete' };
  // More text can only mend what is missing at the end.
  const end = sourceFile.endOfFileToken.pos;
  const isOpen =
    first.code === UNTERMINATED_STRING ? code.endsWith('\\') || code.endsWith('\\\n') : first.start >= end;
  return isOpen ? { status: 'incomplete', indent: INDENT.repeat(depth(code)) } : { status: 'invalid' };
}

/** How many brackets are open at the end of `code`. */
function depth(code: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, code);
  const open: ts.SyntaxKind[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.CloseBraceToken && open.at(-1) === ts.SyntaxKind.TemplateHead) {
      token = scanner.reScanTemplateToken(false);
      if (token === ts.SyntaxKind.TemplateTail) open.pop();
    } else if (OPENING.has(token)) {
      open.push(token);
    } else if (CLOSING.has(token)) {
      open.pop();
    }
  }
  return open.filter((token) => token !== ts.SyntaxKind.TemplateHead).length;
}

const OPENING = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.TemplateHead,
]);
const CLOSING = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseParenToken,
]);
