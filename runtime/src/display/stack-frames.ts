import { fileURLToPath } from 'node:url';

/** The folder of this package, with a separator at its end; sources and build stand two folders below it. */
const OWN_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/** What the source map of captured code calls the files of this package. */
const SHIPPED = 'node_modules/millrace/';

/** One line of a V8 stack. */
export interface StackFrame {
  /** "words (cell 7:3:10)", without "at". */
  readonly text: string;
  /** "cell 7" or a file's path; empty where the frame names none. */
  readonly file: string;
  readonly line: number | undefined;
  /** In a notebook's cell. */
  readonly isCell: boolean;
  /** In this package. */
  readonly isOwn: boolean;
  /** In Node itself, or in native code. */
  readonly isInternal: boolean;
}

/** Reads the frames of a V8 stack; the message, of any number of lines, is left out. */
export function stackFrames(stack: string): StackFrame[] {
  const lines = stack.split('\n');
  // A message can have a line that looks like a frame; the frames are the unbroken run of them at the end.
  let first = lines.length;
  while (first > 0 && /^\s+at /.test(lines[first - 1] ?? '')) first--;
  return lines.slice(first).map(readFrame);
}

function readFrame(line: string): StackFrame {
  const text = line.replace(/^\s+at /, '');
  const prefix = text.endsWith(')') ? /^(?:.*? \()/ : /^(?:async )?/;
  const place = /^(.+?):(\d+)(?::\d+)?\)?$/.exec(text.replace(prefix, ''));
  const url = place?.[1] ?? '';
  const file = url.startsWith('file://') ? pathOf(url) : url;
  return {
    text: url.startsWith('file://') ? text.replace(url, file) : text,
    file,
    line: place?.[2] === undefined ? undefined : Number(place[2]),
    isCell: /^cell \d+$/.test(file),
    isOwn: file.startsWith(OWN_FOLDER) || file.startsWith(SHIPPED),
    isInternal: file === '' || file.startsWith('node:') || text.includes('(<anonymous>)'),
  };
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Leaves only the user's frames in the stack of an error. */
export function leadToUser(error: Error): void {
  const frames = userFrames(error.stack ?? '').map(({ text }) => `    at ${text}`);
  error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
}

/**
 * The frames of the user's own code in what they threw: those above the first call of ours.
 *
 * Calls of ours at the very top are passed over, as a function of ours that the user called may have thrown.
 */
export function userFrames(stack: string): StackFrame[] {
  const frames = stackFrames(stack);
  const start = frames.findIndex((frame) => !frame.isOwn && !frame.isInternal);
  if (start === -1) return [];
  const end = frames.findIndex((frame, index) => index > start && frame.isOwn);
  const run = frames.slice(start, end === -1 ? undefined : end).filter((frame) => !frame.isInternal);
  // Below the outermost cell stands only what runs cells.
  const lastCell = run.findLastIndex((frame) => frame.isCell);
  return lastCell === -1 ? run : run.slice(0, lastCell + 1);
}
