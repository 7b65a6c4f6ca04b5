const ASCII = /^[\x20-\x7e]*$/;
/** What can join with its neighbours to one visible character, or takes two UTF-16 units. */
const JOINING =
  /[\p{M}\p{Cf}\p{Cc}\p{Surrogate}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|[\u{10000}-\u{10ffff}]/u;
/** What a terminal draws two cells wide: East Asian wide and fullwidth forms (Unicode UAX #11), and emoji. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The visible characters of a text. Segmenting costs a microsecond each, so text that needs none is spared it. */
function graphemes(text: string): Iterable<string> {
  return JOINING.test(text) ? segments(text) : text;
}

function* segments(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme < '\u0300') return 1;
  if (WIDE.test(grapheme)) return 2;
  return INVISIBLE.test(grapheme) ? 0 : 1;
}

/** How many terminal cells `text` takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** Shortens `text` to at most `width` cells, with "…" at the end if anything was cut. Never splits a grapheme. */
export function fit(text: string, width: number): string {
  if (width <= 0) return '';
  if (ASCII.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  // Of a very long text only the beginning matters.
  const longest = width * 16 + 64;
  let used = 0;
  let end = 0;
  let keep = 0;
  for (const grapheme of graphemes(text.slice(0, longest))) {
    used += graphemeWidth(grapheme);
    if (used > width) return `${text.slice(0, keep)}…`;
    end += grapheme.length;
    if (used <= width - 1) keep = end;
  }
  return text.length > longest ? `${text.slice(0, keep)}…` : text;
}

/** Fills `text` with spaces to `width` cells; shortens it if it is longer. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitted = fit(text, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(fitted)));
  return align === 'left' ? fitted + space : space + fitted;
}
