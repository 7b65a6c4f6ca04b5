/** Widest part of a source line that is shown, in characters. */
const WIDTH = 110;

/** The line of an error with the one before it, and a caret under the column; nothing if there is no such line. */
export function codeFrame(source: string, { line, column }: { line: number; column: number }): string[] {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const text = lines[line - 1];
  if (text === undefined) return [];
  const label = (number: number) => String(number).padStart(String(line).length);
  const skipped = text.length > WIDTH && column > WIDTH / 2 ? column - WIDTH / 2 : 0;
  const shown = text.slice(skipped, skipped + WIDTH);
  // Tabs stay tabs, so that the caret stands under its place whatever their width.
  const indent = text.slice(skipped, column - 1).replaceAll(/[^\t]/g, ' ');
  const before = skipped === 0 ? lines[line - 2]?.slice(0, WIDTH) : undefined;
  return [
    ...(before === undefined || before.trim() === '' ? [] : [`  ${label(line - 1)} | ${before}`]),
    `> ${label(line)} | ${shown}`,
    `  ${' '.repeat(label(line).length)} | ${indent}^`,
  ];
}
