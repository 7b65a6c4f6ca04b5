import { SourceMap } from 'node:module';

/** A text that V8 runs, and where it comes from. */
export interface SourceText {
  /** What stacks call it: "cell 7", or the path of a local file. */
  readonly name: string;
  /** What the user wrote. */
  readonly source: string;
  /** From the code that runs to `source`; version 3, JSON. Undefined if they are the same. */
  readonly sourceMap: string | undefined;
}

/** Turns the positions that V8 knows into those of cells and of local TypeScript files. */
export class StackTraces {
  readonly #ownFiles: string;
  readonly #texts = new Map<string, SourceText & { parsed?: SourceMap }>();
  readonly #byName = new Map<string, SourceText>();

  /** @param ownFiles What the URLs of the kernel's own files start with; their frames are left out. */
  constructor(ownFiles: string) {
    this.#ownFiles = ownFiles;
  }

  /** Makes a text known by the file name that V8 has for it. */
  add(filename: string, text: SourceText): void {
    this.#texts.set(filename, text);
    this.#byName.set(text.name, text);
  }

  /** The text that V8 knows by this file name. */
  textOf(filename: string): SourceText | undefined {
    return this.#texts.get(filename);
  }

  /** What the user wrote in the cell or file that stacks call `name`, latest version. */
  sourceOf(name: string): string | undefined {
    return this.#byName.get(name)?.source;
  }

  /** The value for `Error.prepareStackTrace`. */
  readonly prepare = (error: unknown, frames: readonly NodeJS.CallSite[]): string => {
    const shown: string[] = [];
    frames.forEach((frame, at) => {
      if (!this.#isOwn(frame) && !this.#isCalledByOwn(frames, at)) shown.push(this.#format(frame));
    });
    return [headerOf(error), ...shown.map((frame) => `    at ${frame}`)].join('\n');
  };

  #isOwn(frame: NodeJS.CallSite): boolean {
    return frame.getFileName()?.startsWith(this.#ownFiles) === true;
  }

  /** A function of the language itself, like `Array.map`, that the kernel called. */
  #isCalledByOwn(frames: readonly NodeJS.CallSite[], at: number): boolean {
    const isBuiltin = (frame: NodeJS.CallSite | undefined) =>
      frame !== undefined && frame.getFileName() == null;
    let caller = at;
    while (isBuiltin(frames[caller]) && frames[caller]?.isEval() === false) caller += 1;
    const below = frames[caller];
    return caller > at && below !== undefined && this.#isOwn(below);
  }

  #format(frame: NodeJS.CallSite): string {
    // Its toString is V8's own format; the types do not tell.
    const text = (frame as { toString(): string }).toString();
    const file = frame.getFileName() ?? frame.getEvalOrigin()?.match(/\((.*):\d+:\d+\)$/)?.[1];
    const known = file == null ? undefined : this.#texts.get(file);
    if (file == null || known === undefined) return text;
    // `file:line:column`, once, or for an eval in its origin.
    const at = text.indexOf(`${file}:`);
    const position = /^(\d+):(\d+)/.exec(text.slice(at + file.length + 1));
    if (at < 0 || position === null) return text;
    const place = this.#place(known, Number(position[1]), Number(position[2]));
    const rest = text.slice(at + file.length + 1 + position[0].length);
    return `${text.slice(0, at)}${place}${rest}`;
  }

  #place(text: SourceText & { parsed?: SourceMap }, line: number, column: number): string {
    if (text.sourceMap === undefined) return `${text.name}:${line}:${column}`;
    // The compiler wrote it a moment ago: a version 3 map.
    text.parsed ??= new SourceMap(JSON.parse(text.sourceMap) as ConstructorParameters<typeof SourceMap>[0]);
    const entry = text.parsed.findEntry(line - 1, column - 1);
    if (!('originalLine' in entry)) return text.name;
    return `${text.name}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }
}

/** As V8 would begin the stack: the name and the message. */
function headerOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
