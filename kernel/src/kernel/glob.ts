/**
 * A regular expression for a glob over a whole text: `*` is any text, `?` one character, `[a-z]` one of a set and
 * `[^a-z]` one that is not; as in SQLite's GLOB, which other kernels search their history with.
 */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\*+|\?|\[\^?\]?[^\]]*\]|[\\^$.*+?()[\]{}|/]/gsu, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.length > 2 && part.startsWith('[')) return classOf(part.slice(1, -1));
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

function classOf(set: string): string {
  const isNegated = set.startsWith('^');
  const characters = (isNegated ? set.slice(1) : set).replace(/[\\\]^[]/g, '\\$&');
  // A range that runs backwards, "[z-a]", or a lone dash is no class: take its characters as they are.
  try {
    const source = `[${isNegated ? '^' : ''}${characters}]`;
    new RegExp(source, 'u');
    return source;
  } catch {
    return `[${isNegated ? '^' : ''}${characters.replaceAll('-', '\\-')}]`;
  }
}
