/** A call in Python's syntax, as the transcripts have it: `AfterWatermark(early=AfterCount(2))`; a bare name is a call too. */
export interface PythonCall {
  readonly name: string;
  readonly args: readonly (PythonCall | number)[];
  readonly named: Readonly<Record<string, PythonCall | number>>;
}

/** Reads a call, with the calls and integers that are its arguments. */
export function readCall(text: string): PythonCall {
  const tokens = text.match(/[A-Za-z_]\w*|-?\d+|[(),=]/g) ?? [];
  let at = 0;
  const value = (): PythonCall | number => {
    const token = tokens[at++] ?? '';
    return /^-?\d+$/.test(token) ? Number(token) : call(token);
  };
  const call = (name: string): PythonCall => {
    const args: (PythonCall | number)[] = [];
    const named: Record<string, PythonCall | number> = {};
    if (tokens[at] !== '(') return { name, args, named };
    at += 1;
    while (at < tokens.length && tokens[at] !== ')') {
      if (tokens[at + 1] === '=') {
        const key = tokens[at] ?? '';
        at += 2;
        named[key] = value();
      } else {
        args.push(value());
      }
      if (tokens[at] === ',') at += 1;
    }
    at += 1;
    return { name, args, named };
  };
  const read = value();
  if (typeof read === 'number' || at !== tokens.length) {
    throw new RangeError(`Cannot read a transcript as it must have a call: received ${text}`);
  }
  return read;
}
