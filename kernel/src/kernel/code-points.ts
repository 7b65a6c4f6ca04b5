/** The protocol counts unicode code points, JavaScript counts UTF-16 units; they differ past the first plane. */

/** The UTF-16 offset of the code point at `offset`; clamped to the text. */
export function fromCodePoints(text: string, offset: number): number {
  let units = 0;
  for (let points = 0; points < offset && units < text.length; points++) {
    units += isPairAt(text, units) ? 2 : 1;
  }
  return units;
}

/** How many code points stand before the UTF-16 offset; clamped to the text. */
export function toCodePoints(text: string, offset: number): number {
  const end = Math.min(offset, text.length);
  let points = 0;
  for (let units = 0; units < end; points++) units += isPairAt(text, units) ? 2 : 1;
  return points;
}

function isPairAt(text: string, units: number): boolean {
  return (text.codePointAt(units) ?? 0) > 0xffff;
}
