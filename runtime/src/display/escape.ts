const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Makes text safe as HTML or SVG content and inside a quoted attribute.
 *
 * Characters that XML 1.0 forbids become U+FFFD, so that one of them in a label cannot break a whole picture.
 */
export function escapeHtml(text: string): string {
  return (
    text
      // The forbidden control characters are what it looks for.
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"']/g, (character) => HTML[character] ?? character)
  );
}

/** JSON that may stand inside a `<script>` element: no `</script>`, no `<!--`, no line separators. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A picture that survives JupyterLab's sanitizer and nbconvert: `<img>` with the SVG inside, and words for it. */
export function svgImage(svg: string, options: { readonly alt: string; readonly style?: string }): string {
  const source = Buffer.from(svg, 'utf8').toString('base64');
  const style = options.style === undefined ? '' : ` style="${escapeHtml(options.style)}"`;
  return `<img src="data:image/svg+xml;base64,${source}" alt="${escapeHtml(options.alt)}"${style}>`;
}
