import { inspect } from 'node:util';
import type { Outcome } from '../session-output.ts';
import { codeFrame } from './code-frame.ts';

/** How an error is told to the user: the fields of Jupyter's `error` message. */
export type ErrorReport = Extract<Outcome, { status: 'error' }>;

/** What reportError asks of its surroundings. */
export interface ReportContext {
  /** What the user wrote in the cell or local file that stacks call so. */
  readonly sourceOf: (name: string) => string | undefined;
  /** The runtime's own description of an error of its own. */
  readonly describeError?: (
    error: unknown,
  ) => { readonly name: string; readonly message: string; readonly lines: readonly string[] } | undefined;
}

const MAX_FRAMES = 20;
const MAX_CAUSES = 5;
const MAX_ERRORS = 5;
const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';

/**
 * Tells what was thrown, with the user's frames, the line of the innermost one, and the causes.
 *
 * Never throws, whatever was thrown: getters that throw, proxies, primitives.
 */
export function reportError(thrown: unknown, context: ReportContext): ErrorReport {
  const described = context.describeError?.(thrown);
  if (described !== undefined) {
    const { name, message, lines } = described;
    return { status: 'error', ename: name, evalue: message, traceback: [`${RED}${name}${PLAIN}`, ...lines] };
  }
  if (!isErrorLike(thrown)) {
    const evalue = safely(() => inspect(thrown, { depth: 2 })) ?? 'a value that cannot be shown';
    return { status: 'error', ename: 'Thrown', evalue, traceback: [`${RED}Thrown${PLAIN}: ${evalue}`] };
  }
  const ename = textOf(thrown, 'name') ?? 'Error';
  const evalue = textOf(thrown, 'message') ?? '';
  return { status: 'error', ename, evalue, traceback: linesOf(thrown, context, new Set()) };
}

function linesOf(thrown: unknown, context: ReportContext, seen: Set<unknown>): string[] {
  if (!isErrorLike(thrown))
    return [safely(() => inspect(thrown, { depth: 2 })) ?? 'a value that cannot be shown'];
  seen.add(thrown);
  const name = textOf(thrown, 'name') ?? 'Error';
  const message = textOf(thrown, 'message') ?? '';
  const frames = userFrames(textOf(thrown, 'stack') ?? '');
  const more = frames.length - MAX_FRAMES;
  const lines = [
    `${RED}${name}${PLAIN}${message === '' ? '' : `: ${message}`}`,
    ...frames.slice(0, MAX_FRAMES),
    ...(more > 0 ? [`    … and ${more} more`] : []),
    ...excerpt(frames, context),
    ...details(thrown),
  ];
  const cause = safely(() => thrown.cause);
  if (cause !== undefined && cause !== null && !seen.has(cause) && seen.size < MAX_CAUSES) {
    lines.push('', ...captioned('Caused by: ', linesOf(cause, context, seen)));
  }
  const errors = safely(() => thrown.errors);
  if (Array.isArray(errors)) {
    for (const [at, error] of errors.slice(0, MAX_ERRORS).entries()) {
      if (!seen.has(error)) lines.push('', ...captioned(`[${at}] `, linesOf(error, context, seen)));
    }
    if (errors.length > MAX_ERRORS) lines.push('', `… and ${errors.length - MAX_ERRORS} more`);
  }
  return lines;
}

function captioned(caption: string, [first = '', ...rest]: readonly string[]): string[] {
  return [caption + first, ...rest];
}

/** Frames of the user's code and of packages; Node's own tell nothing. */
function userFrames(stack: string): string[] {
  const lines = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  return lines.filter((line) => !/(\(|at |async )node:/.test(line));
}

/** The source of the first frame that is in a cell or a local file. */
function excerpt(frames: readonly string[], { sourceOf }: ReportContext): string[] {
  for (const frame of frames) {
    const [, name, line, column] = /^ {4}at (?:.*\()?(.+?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (name === undefined) continue;
    const bare = name.replace(/^async /, '');
    const source = sourceOf(bare);
    if (source === undefined) continue;
    const shown = codeFrame(source, { line: Number(line), column: Number(column) });
    return shown.length === 0 ? [] : ['', `${bare}:`, ...shown];
  }
  return [];
}

/** What else the error says of itself: `{ code: 'ENOENT', path: … }`. */
function details(error: ErrorLike): string[] {
  const entries = safely(() =>
    Object.entries(error).filter(
      ([key]) => !['name', 'message', 'stack', 'cause', 'errors', 'hint'].includes(key),
    ),
  );
  const hint = textOf(error, 'hint');
  const lines: string[] = [];
  if (entries !== undefined && entries.length > 0) {
    const shown = safely(() =>
      inspect(Object.fromEntries(entries), { depth: 1, maxArrayLength: 10, maxStringLength: 500 }),
    );
    if (shown !== undefined) lines.push(...shown.split('\n'));
  }
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  return lines;
}

interface ErrorLike {
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  if (typeof value !== 'object' || value === null) return false;
  return safely(() => value instanceof Error || ('stack' in value && 'message' in value)) ?? false;
}

function textOf(value: object, key: string): string | undefined {
  // Any value may be there; only a string is taken.
  const found = safely(() => (value as Readonly<Record<string, unknown>>)[key]);
  return typeof found === 'string' ? found : undefined;
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
