/** How wide the text of a comment may get. */
const WIDTH = 110;

/** The lines of Markdown as a comment keeps them: headings, pictures and HTML give way to plain text. */
export function markdownLines(markdown: string): readonly string[] {
  const plain = markdown
    .replace(/<details>[\s\S]*?<\/details>/g, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/<\/?(div|span|p|br|b|i|em|strong|img|a|sup|sub|h\d|center|summary|hr|kbd)\b[^>\n]*>/gi, '');
  const lines: string[] = [];
  let isCode = false;
  let paragraph: string[] = [];
  const end = (): void => {
    if (paragraph.length > 0) lines.push(...wrapped(paragraph.join(' ')));
    paragraph = [];
  };
  for (const line of plain.split('\n')) {
    if (/^\s*```/.test(line)) {
      end();
      isCode = !isCode;
    } else if (isCode || /^\s*([-*+]|\d+\.|\|)\s/.test(line) || /^ {4}/.test(line)) {
      end();
      lines.push(line.trimEnd());
    } else if (line.trim() === '' || line.startsWith('#')) {
      end();
      lines.push(line.replace(/^#+\s*/, '').trim());
    } else paragraph.push(line.trim());
  }
  end();
  return trimmed(lines);
}

/** The first heading of a text; undefined if it has none. */
export function titleOf(markdown: string): string | undefined {
  return /^#+\s+(.+)$/m.exec(markdown)?.[1]?.trim();
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Without empty lines at either end, and never two in a row. */
function trimmed(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  while (kept[0] === '') kept.shift();
  while (kept.at(-1) === '') kept.pop();
  return kept;
}
