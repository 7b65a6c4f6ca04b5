const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** How a map's lines move: `generated` lines were put before the code, `source` lines are taken from the source. */
export interface LineShift {
  readonly generated: number;
  readonly source: number;
  /** What the map calls the source. */
  readonly name: string;
}

/** Moves the lines of a source map with one source; what then lies before the source's first line is dropped. */
export function shiftSourceMap(json: string, shift: LineShift): string {
  // TypeScript wrote it a moment ago: a version 3 map.
  const map = JSON.parse(json) as { mappings: string };
  const lines = map.mappings.split(';').map((line) => line.split(',').filter((segment) => segment !== ''));
  let source = { line: 0, column: 0 };
  let written = { line: 0, column: 0 };
  const moved = lines.map((segments) => {
    let column = 0;
    let writtenColumn = 0;
    const out: string[] = [];
    for (const segment of segments) {
      const [generated = 0, , line = 0, sourceColumn = 0] = decode(segment);
      column += generated;
      source = { line: source.line + line, column: source.column + sourceColumn };
      const at = source.line - shift.source;
      if (at < 0) continue;
      out.push(encode([column - writtenColumn, 0, at - written.line, source.column - written.column]));
      writtenColumn = column;
      written = { line: at, column: source.column };
    }
    return out.join(',');
  });
  const mappings = ';'.repeat(shift.generated) + moved.join(';');
  return JSON.stringify({ version: 3, sources: [shift.name], names: [], mappings });
}

/** Base64 VLQ, as in the source map specification (ECMA-426). */
function decode(segment: string): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    values.push((value & 1) === 0 ? value >> 1 : -(value >> 1));
    value = 0;
    shift = 0;
  }
  return values;
}

function encode(values: readonly number[]): string {
  let text = '';
  for (const value of values) {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      text += DIGITS.charAt(rest === 0 ? digit : digit | 32);
    } while (rest !== 0);
  }
  return text;
}
