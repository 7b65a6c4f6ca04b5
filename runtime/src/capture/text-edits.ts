/** A part of a text that is replaced; an insertion if it is empty. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Code, and which of its places come from where. */
export interface MarkedText {
  readonly code: string;
  /** Offsets in the code, in order, with those of the text that it was made of. */
  readonly marks: readonly { readonly at: number; readonly from: number }[];
}

/**
 * Applies edits, which do not overlap, to a text; of insertions at one place the first comes first.
 *
 * @param places Offsets in the text that are to be found again in the code, in any order.
 */
export function applyEdits(text: string, edits: readonly Edit[], places: readonly number[] = []): MarkedText {
  const sorted = edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
  const wanted = [...new Set(places)].sort((a, b) => a - b);
  const marks: { at: number; from: number }[] = [];
  let code = '';
  let from = 0;
  let next = 0;
  const markUntil = (end: number, at: (place: number) => number) => {
    for (; next < wanted.length; next++) {
      const place = wanted[next];
      if (place === undefined || place >= end) return;
      marks.push({ at: at(place), from: place });
    }
  };
  for (const { start, end, text: inserted } of sorted) {
    const [before, kept] = [code.length, from];
    markUntil(start, (place) => before + place - kept);
    code += text.slice(from, start);
    const replaced = code.length;
    code += inserted;
    // What is inside of a replaced part comes from its start.
    markUntil(end, () => replaced);
    from = Math.max(from, end);
  }
  const [before, kept] = [code.length, from];
  markUntil(Infinity, (place) => before + place - kept);
  return { code: code + text.slice(from), marks };
}
