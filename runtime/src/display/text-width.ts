const PLAIN = /^[\x20-\x7e]*$/;
/** What a terminal draws two cells wide: East Asian wide and fullwidth forms (Unicode UAX #11), and emoji. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** How many terminal cells `text` takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Shortens `text` to at most `width` cells, with "…" at the end if anything was cut. Never splits a grapheme. */
export function fit(text: string, width: number): string {
  if (width <= 0) return '';
  if (PLAIN.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  let used = 0;
  let keep = 0;
  // Of a very long text only the beginning matters.
  for (const { segment, index } of graphemes.segment(text.slice(0, width * 16 + 64))) {
    used += graphemeWidth(segment);
    if (used > width) return `${text.slice(0, keep)}…`;
    if (used <= width - 1) keep = index + segment.length;
  }
  return text.length > width * 16 + 64 ? `${text.slice(0, keep)}…` : text;
}

/** Fills `text` with spaces to `width` cells; shortens it if it is longer. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitted = fit(text, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(fitted)));
  return align === 'left' ? fitted + space : space + fitted;
}
