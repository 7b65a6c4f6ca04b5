import type { Proposal } from './language.ts';

/** One proposal as Jupyter's clients show it. */
export interface CompletionType {
  readonly text: string;
  /** JupyterLab chooses an icon by it: "function", "class", "property" … */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly signature?: string;
}

/** What can stand in place of the text from `start` to `end`; offsets in UTF-16 units. */
export interface Completion {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
  /** The same matches for `_jupyter_types_experimental`. */
  readonly types: CompletionType[];
}

/**
 * Puts proposals into Jupyter's form, which has one place for all.
 *
 * @param at Where the user's code starts in the checked text, and the cursor in the user's code.
 */
export function proposalsToCompletion(
  proposals: readonly Proposal[],
  at: { readonly offset: number; readonly cursor: number },
): Completion {
  const first = proposals[0];
  if (first === undefined) return { matches: [], start: at.cursor, end: at.cursor, types: [] };
  const start = first.start - at.offset;
  const end = first.end - at.offset;
  const same = proposals.filter((proposal) => proposal.start === first.start && proposal.end === first.end);
  const unique = [...new Map(same.map((proposal) => [proposal.text, proposal])).values()];
  const types = unique.map(({ text, kind, signature }) => ({
    text,
    type: KINDS[kind] ?? 'instance',
    start,
    end,
    ...(signature !== undefined && { signature }),
  }));
  return { matches: unique.map(({ text }) => text), start, end, types };
}

/** TypeScript's words in JupyterLab's. */
const KINDS: Readonly<Record<string, string>> = {
  alias: 'module',
  class: 'class',
  'local class': 'class',
  enum: 'enum',
  'enum member': 'property',
  function: 'function',
  'local function': 'function',
  interface: 'interface',
  keyword: 'keyword',
  method: 'function',
  module: 'module',
  'external module name': 'module',
  script: 'module',
  directory: 'module',
  property: 'property',
  getter: 'property',
  setter: 'property',
  accessor: 'property',
  string: 'text',
  type: 'type',
  'type parameter': 'type',
  'primitive type': 'type',
};
