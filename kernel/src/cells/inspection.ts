import type { Description } from './language.ts';

/** What is known of a name, as text and as Markdown. */
export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

/** Puts a description into words; `detail` 1 adds what JSDoc tags say of parameters, results and examples. */
export function describe({ signature, documentation, tags }: Description, detail: 0 | 1): Inspection {
  const shown = detail === 0 ? tags.filter((tag) => tag.startsWith('@deprecated')) : tags;
  const plain = [signature, documentation, shown.join('\n')];
  const markdown = [
    '```typescript\n' + signature + '\n```',
    documentation,
    shown.map(tagToMarkdown).join('\n\n'),
  ];
  return { plain: plain.filter(isThere).join('\n\n'), markdown: markdown.filter(isThere).join('\n\n') };
}

function tagToMarkdown(tag: string): string {
  const [name = '', ...rest] = tag.split(' ');
  const text = rest.join(' ');
  if (name === '@example' && !text.includes('```')) return `*${name}*\n\`\`\`typescript\n${text}\n\`\`\``;
  return `*${name}* ${text}`.trim();
}

function isThere(text: string): boolean {
  return text !== '';
}
